"""Placeholders in texts that organisers write: names in braces."""

import re
from collections.abc import Container, Iterable

BRACES = re.compile(r"\{([^{}]*)\}")


def placeholders_in(text: str) -> list[str]:
    """Return what stands in braces, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in BRACES.findall(text)))


def unknown_in(text: str, known: Container[str]) -> list[str]:
    """Return what stands in braces and is not ``known``, in order, each once."""
    return [name for name in placeholders_in(text) if name not in known]


def braced(names: Iterable[str]) -> str:
    """Return names as they are written in a text, to be shown in a sentence."""
    return " ".join(f"{{{name}}}" for name in names)
