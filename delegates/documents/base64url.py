"""Base64url without padding (``b64u`` of CP1), read strictly."""

import base64
import re

_SHAPE = re.compile(r"[A-Za-z0-9_-]*\Z")


def encode(data: bytes) -> str:
    """Write bytes in the URL-safe alphabet, without ``=``."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read the bytes back; ValueError for padding, blanks, other characters or a wrong length."""
    if not _SHAPE.match(text):
        message = "not base64url without padding"
        raise ValueError(message)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
