"""Web push: a short text, readable for one browser only (RFC 8291), sent in our name (RFC 8292)."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from conference.operations.channels.contract import RefusedError, Taken
from conference.operations.channels.posting import judge, post

#: A service keeps it so long for a phone that is off.
KEPT = timedelta(hours=2)
#: The services allow 24 hours.
_SIGNED_FOR = timedelta(hours=12)
_RECORD = 4096
_CURVE = ec.SECP256R1()


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Where a browser gets its pushes, and its keys as it told them (base64url)."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def is_usable(self) -> bool:
        """Whether its service is one that we send to, and its keys are keys."""
        return is_allowed(self.endpoint) and _is_key(self.p256dh, self.auth)


def is_on() -> bool:
    """Tell whether this server has a key to send pushes with."""
    return bool(settings.PUSH_PRIVATE_KEY)


def public_key() -> str:
    """Return the key by which browsers know us."""
    return _base64url(_point(_own_key().public_key()))


def is_allowed(endpoint: str) -> bool:
    """Tell whether the address belongs to a push service that the operator trusts.

    Whoever subscribes names the address, so no other host is ever asked.
    """
    try:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    if "@" in parts.netloc or any(mark in origin for mark in "*?[\\ "):
        return False
    return any(fnmatchcase(origin, allowed) for allowed in settings.PUSH_SERVICES)


def send(browser: Browser, payload: Mapping[str, str], *, topic: str, now: datetime) -> Taken:
    """Send to one browser and return the service's words; a 404 or 410 raises GoneError."""
    if not browser.is_usable:
        raise RefusedError("The address is none of a push service in PLENARY_PUSH_SERVICES.")
    text = json.dumps(payload, ensure_ascii=False).encode()
    answer = post(
        browser.endpoint,
        encrypted(text, browser=browser),
        {
            "Authorization": _authorization(browser.endpoint, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT.total_seconds())),
            # A repeat takes the place of the one that waits for the phone.
            "Topic": topic,
            "Urgency": "high",
        },
    )
    return Taken(words=judge(answer, gone=(404, 410)))


def encrypted(
    text: bytes,
    *,
    browser: Browser,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the text as one record of aes128gcm; salt and key are fresh unless a test says."""
    salt = salt or os.urandom(16)
    key = key or ec.generate_private_key(_CURVE)
    theirs, ours = _from_base64url(browser.p256dh), _point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs))
    secret = _hkdf(
        shared,
        salt=_from_base64url(browser.auth),
        info=b"WebPush: info\0" + theirs + ours,
        length=32,
    )
    content_key = _hkdf(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _hkdf(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    # Two marks the last record; there is one only.
    sealed = AESGCM(content_key).encrypt(nonce, text + b"\x02", None)
    return salt + _RECORD.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def _authorization(endpoint: str, now: datetime) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _SIGNED_FOR).timestamp()),
        "sub": settings.PUSH_CONTACT,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
    r, s = decode_dss_signature(_own_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{_base64url(r.to_bytes(32) + s.to_bytes(32))}, k={public_key()}"


def _own_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_from_base64url(settings.PUSH_PRIVATE_KEY)), _CURVE)


def _is_key(p256dh: str, auth: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _from_base64url(p256dh))
        return len(_from_base64url(auth)) == 16
    except ValueError:
        return False


def _hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
