"""Typed readers of the environment; what is missing or malformed stops the start, in words."""

import os
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"0", "false", "no", "off", ""})
SHORTEST_SECRET: Final = 50


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text, or the default; without either, refuse to start."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        message = f"Set {name}: the program does not start without it."
        raise ImproperlyConfigured(message)
    return default


def secret(name: str) -> str:
    """Return a secret that has no default and is long enough not to be guessed."""
    value = text(name)
    if len(value) < SHORTEST_SECRET:
        message = f"{name} is too short: give it at least {SHORTEST_SECRET} random characters."
        raise ImproperlyConfigured(message)
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or a no; any other word is refused rather than guessed at."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    message = f"{name} is {raw!r}: say 1 or 0."
    raise ImproperlyConfigured(message)


def integer(name: str, *, default: int, least: int = 0) -> int:
    """Return a whole number not below `least`."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        number = int(raw)
    except ValueError as error:
        message = f"{name} is {raw!r}: give a whole number."
        raise ImproperlyConfigured(message) from error
    if number < least:
        message = f"{name} is {number}: give {least} or more."
        raise ImproperlyConfigured(message)
    return number


def words(name: str, default: list[str] | None = None) -> list[str]:
    """Return a comma-separated list without blanks; without a default it must not be empty."""
    listed = [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
    if listed:
        return listed
    if default is None:
        message = f"Set {name} to a comma-separated list: the program does not start without it."
        raise ImproperlyConfigured(message)
    return default


def folder(name: str, default: Path) -> Path:
    """Return a folder's absolute path; it need not exist yet."""
    return Path(text(name, str(default))).expanduser().resolve()
