"""Placeholders in texts that organisers write: names in braces."""

import re
from collections.abc import Iterable

BRACES = re.compile(r"\{([^{}]*)\}")


def placeholders_in(text: str) -> list[str]:
    """Return what stands in braces, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in BRACES.findall(text)))


def braced(names: Iterable[str]) -> str:
    """Return names as they are written in a text, to be shown in a sentence."""
    return " ".join(f"{{{name}}}" for name in names)
