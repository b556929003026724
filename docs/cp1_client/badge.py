"""Section 1: from a QR text to a lookup, and from a card to what it says."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Json = dict[str, Any]

PREFIX = "C1:"
LENGTH = 135
DIGITS = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}


@dataclass(frozen=True)
class Reading:
    """What a text turned out to be; a scan carries ``lookup`` or else ``unknown_hash``."""

    read: str
    signature: str | None = None
    lookup: str | None = None
    badge_class: int | None = None
    issue: int | None = None
    key_id: int | None = None
    unknown_hash: str | None = None
    # Opens the card of this badge; never written down.
    card_key: bytes | None = field(default=None, repr=False)


def read_text(text: str, *, conference: int, keys: Iterable[Json]) -> Reading:
    """Read what a camera or a scanner that types gave."""
    text = text.strip("\r\n\t")
    payload = _payload(text)
    if payload is None:
        return Reading("unreadable", unknown_hash=hash_unknown(text))
    if int.from_bytes(payload[2:6], "big") != conference:
        return Reading("wrong_conference", unknown_hash=hash_unknown(text))
    signature = _check_signature(payload, keys)
    secret = payload[6:22]
    genuine = signature != "invalid"
    return Reading(
        "ok",
        signature=signature,
        lookup=lookup_of(secret) if genuine else None,
        badge_class=payload[23],
        issue=payload[22],
        key_id=payload[1],
        unknown_hash=None if genuine else hash_unknown(text),
        card_key=card_key_of(secret) if genuine else None,
    )


def hash_unknown(text: str) -> str:
    """Name a text that is no badge of ours, without keeping it."""
    text = text.strip("\r\n\t")
    # What has no UTF-8 (half a surrogate pair) becomes U+FFFD, as a browser's TextEncoder does.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return hashlib.sha256(b"cp1-unknown" + whole.encode()).digest()[:16].hex()


def lookup_of(secret: bytes) -> str:
    """Give the name under which the server lists the badge with this secret."""
    return hashlib.sha256(b"cp1-lookup" + secret).digest()[:16].hex()


def card_key_of(secret: bytes) -> bytes:
    """Give the key of the card of the badge with this secret."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"cp1-card").derive(secret)


def open_card(card: str | None, *, lookup: str, key: bytes | None) -> Json | None:
    """Decrypt a card; None if there is none, it is another badge's, or it makes no sense."""
    if not card or key is None:
        return None
    try:
        sealed = from_b64u(card)
        plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], bytes.fromhex(lookup))
        opened = json.loads(plain)
    except (InvalidTag, ValueError):
        return None
    return opened if _is_card(opened) else None


def from_b64u(text: str) -> bytes:
    """Decode base64url without padding, strictly."""
    if "=" in text or "+" in text or "/" in text:
        raise binascii.Error("not base64url without padding")
    standard = text.replace("-", "+").replace("_", "/")
    return base64.b64decode(standard + "=" * (-len(text) % 4), validate=True)


def _payload(text: str) -> bytes | None:
    if len(text) != LENGTH or not text.startswith(PREFIX):
        return None
    payload = decode_base45(text[len(PREFIX) :])
    return payload if payload and payload[0] == 1 else None


def decode_base45(text: str) -> bytes | None:
    """Decode Base45 (RFC 9285) of an even number of bytes, None if it is not that."""
    if len(text) % 3 or not all(character in DIGITS for character in text):
        return None
    decoded = bytearray()
    for at in range(0, len(text), 3):
        low, middle, high = (DIGITS[character] for character in text[at : at + 3])
        value = low + 45 * middle + 2025 * high
        if value > 65535:
            return None
        decoded += value.to_bytes(2, "big")
    return bytes(decoded)


def _check_signature(payload: bytes, keys: Iterable[Json]) -> str:
    point = next((key["point"] for key in keys if key["key_id"] == payload[1]), None)
    if point is None:
        return "unknown_key"
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_b64u(point))
    r, s = (int.from_bytes(payload[at : at + 32], "big") for at in (24, 56))
    try:
        public.verify(encode_dss_signature(r, s), payload[:24], ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "invalid"
    return "valid"


def _is_card(opened: object) -> bool:
    return (
        isinstance(opened, dict)
        and isinstance(opened.get("name"), str)
        and opened["name"] != ""
        and type(opened.get("class")) is int
    )
