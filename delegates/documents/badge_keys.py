"""The secrets and keys behind badge codes (CP1, section 1).

A conference has one secret of 32 bytes and one or more P-256 signing keys, kept as raw scalars of
32 bytes. Everything about a badge is derived, so that nothing secret is stored per badge.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from delegates.documents import base64url

PrivateKey = ec.EllipticCurvePrivateKey
PublicKey = ec.EllipticCurvePublicKey

_CURVE = ec.SECP256R1()
_HALF = 16
_LAST_ISSUE = 255
_NO_SALT = bytes(32)


def new_conference_secret() -> bytes:
    """Return 32 random bytes, from which the secrets of a conference's badges are derived."""
    return secrets.token_bytes(32)


def new_signing_key() -> bytes:
    """Return the private scalar of a new P-256 key, 32 bytes big-endian."""
    return ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(32, "big")


def load_signing_key(scalar: bytes) -> PrivateKey:
    """Return the signing key of a private scalar; ValueError if it is not one of P-256."""
    return ec.derive_private_key(int.from_bytes(scalar, "big"), _CURVE)


def public_point(scalar: bytes) -> str:
    """Return the public key of a private scalar as it travels: b64u of the uncompressed point."""
    point = load_signing_key(scalar).public_key()
    return base64url.encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def load_public_keys(points: Iterable[tuple[int, str]]) -> Mapping[int, PublicKey]:
    """Return the keys of ``(key_id, point)`` pairs; ValueError if a point is not on P-256."""
    return {
        key_id: ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, base64url.decode(point))
        for key_id, point in points
    }


def badge_secret(conference_secret: bytes, delegate: UUID, issue: int) -> bytes:
    """Return ``s``, the 16 secret bytes of one issue of a delegate's badge.

    ``issue`` counts from 1 and is at most 255, else ValueError.
    """
    if not 1 <= issue <= _LAST_ISSUE:
        message = f"issue {issue} is not in 1…{_LAST_ISSUE}"
        raise ValueError(message)
    subject = b"cp1-badge" + delegate.bytes + bytes([issue])
    return hmac.digest(conference_secret, subject, "sha256")[:_HALF]


def lookup_of(secret: bytes) -> str:
    """Return the ``lookup`` that stands for a badge secret everywhere but on the badge: 32 hex."""
    return sha256(b"cp1-lookup" + secret).digest()[:_HALF].hex()


def card_key_of(secret: bytes) -> bytes:
    """Return the 32 bytes that seal and open the badge's card: HKDF-SHA256, one round."""
    extracted = hmac.digest(_NO_SALT, secret, "sha256")
    return hmac.digest(extracted, b"cp1-card\x01", "sha256")
