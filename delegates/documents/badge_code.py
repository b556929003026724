"""The text in a badge's QR code: written, signed and read (CP1, section 1)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from delegates.documents import base45
from delegates.documents.badge_keys import PrivateKey, PublicKey, lookup_of

PREFIX = "C1:"
LENGTH = 135

_VERSION = 1
_HEAD = struct.Struct(">BBI16sBB")
_NUMBER = 32
_TRIMMED = "\r\n\t"
# RFC 6979: a badge that is drawn again carries the same text.
_SIGN = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_VERIFY = ec.ECDSA(hashes.SHA256())


class Read(StrEnum):
    """What became of reading a text."""

    OK = "ok"
    UNREADABLE = "unreadable"
    WRONG_CONFERENCE = "wrong_conference"


class Signature(StrEnum):
    """What is known of a badge's signature; ``NONE`` means that no code was seen."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_KEY = "unknown_key"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a badge says, without the signature over it.

    ``secret`` is ``s``, 16 bytes; ``qr_class`` is the number of the badge class.
    """

    key_id: int
    conference: int
    secret: bytes = field(repr=False)
    issue: int
    qr_class: int

    def head(self) -> bytes:
        """Return the 24 bytes that are signed; ValueError if a member does not fit."""
        try:
            return _HEAD.pack(
                _VERSION, self.key_id, self.conference, self.secret, self.issue, self.qr_class
            )
        except struct.error as problem:
            raise ValueError(str(problem)) from problem

    @classmethod
    def from_head(cls, head: bytes) -> Self | None:
        """Return what the first 24 bytes say, None if they are of another version."""
        version, *members = _HEAD.unpack(head)
        return cls(*members) if version == _VERSION else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scanned text turned out to be; None where it is not known.

    A scan record carries exactly one of ``lookup`` and ``unknown_hash``. ``secret`` opens the card
    and is for nothing else: never store, log or send it.
    """

    read: Read
    signature: Signature | None = None
    lookup: str | None = None
    qr_class: int | None = None
    issue: int | None = None
    key_id: int | None = None
    unknown_hash: str | None = None
    secret: bytes | None = field(default=None, repr=False)


def write(payload: Payload, key: PrivateKey) -> str:
    """Return the signed QR text, 135 characters, the same each time for the same badge and key."""
    head = payload.head()
    r, s = decode_dss_signature(key.sign(head, _SIGN))
    return PREFIX + base45.encode(head + r.to_bytes(_NUMBER, "big") + s.to_bytes(_NUMBER, "big"))


def read(text: str, *, conference: int, keys: Mapping[int, PublicKey]) -> Reading:
    """Tell what a scanned text is to the conference of that number. Never raises."""
    payload, signature = _parse(text)
    if payload is None:
        return Reading(Read.UNREADABLE, unknown_hash=unknown_hash(text))
    if payload.conference != conference:
        return Reading(Read.WRONG_CONFERENCE, unknown_hash=unknown_hash(text))
    judged = _judge_signature(payload, signature, keys)
    trusted = judged is not Signature.INVALID
    return Reading(
        Read.OK,
        judged,
        lookup=lookup_of(payload.secret) if trusted else None,
        qr_class=payload.qr_class,
        issue=payload.issue,
        key_id=payload.key_id,
        unknown_hash=None if trusted else unknown_hash(text),
        secret=payload.secret if trusted else None,
    )


def unknown_hash(text: str) -> str:
    """Return what stands for a text that gives no lookup: 32 hex.

    Half of a surrogate pair counts as U+FFFD, as in browsers.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return sha256(b"cp1-unknown" + whole.strip(_TRIMMED).encode()).digest()[:16].hex()


def _parse(text: str) -> tuple[Payload | None, bytes]:
    """Return what a text says and its 64 bytes of signature; no payload if it is unreadable."""
    trimmed = text.strip(_TRIMMED)
    if len(trimmed) != LENGTH or not trimmed.startswith(PREFIX):
        return None, b""
    try:
        data = base45.decode(trimmed.removeprefix(PREFIX))
    except ValueError:
        return None, b""
    return Payload.from_head(data[: _HEAD.size]), data[_HEAD.size :]


def _judge_signature(
    payload: Payload, signature: bytes, keys: Mapping[int, PublicKey]
) -> Signature:
    """Tell whether one of our keys signed this payload."""
    key = keys.get(payload.key_id)
    if key is None:
        return Signature.UNKNOWN_KEY
    r, s = int.from_bytes(signature[:_NUMBER], "big"), int.from_bytes(signature[_NUMBER:], "big")
    try:
        key.verify(encode_dss_signature(r, s), payload.head(), _VERIFY)
    except InvalidSignature:
        return Signature.INVALID
    return Signature.VALID
