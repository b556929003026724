"""Lists of tags, "v=DMARC1; p=none", as DKIM and DMARC write them (RFC 6376 §3.2)."""


def read(text: str) -> dict[str, str]:
    """Return the tags by name, spaces at their edges taken away; the first of a name counts."""
    found: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found
