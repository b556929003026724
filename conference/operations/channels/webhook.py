"""An adapter to any gateway that takes a signed POST: docs/channels.md is its contract."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from conference.operations.channels import dialling
from conference.operations.channels.contract import Taken
from conference.operations.channels.fitting import segments
from conference.operations.channels.posting import Answer, judge, post
from conference.operations.channels.texts import ForgedError, Receipt, Text, UnreadableError
from conference.operations.mailing import storable

TIMESTAMP = "Plenary-Timestamp"
SIGNATURE = "Plenary-Signature"
SHORTEST_SECRET = 32
#: Clocks may differ by so much.
WINDOW = timedelta(minutes=5)
_GONE = (410,)
_REFERENCE_KEPT = 120
_STATES = ("delivered", "failed", "gone")


class Webhook:
    """Posts each text as JSON to one address, signed; reads receipts that are signed the same."""

    def __init__(self, *, channel: str, url: str, secret: str, allows_private: bool) -> None:
        """Keep the address and the secret; raises ImproperlyConfigured for unsafe ones."""
        name = f"PLENARY_{channel.upper()}"
        self._channel, self._url, self._secret = channel, url, secret.encode()
        self._dial = dialling.anywhere if allows_private else dialling.public_only
        parts = urlsplit(url)
        if not parts.hostname or parts.username is not None or parts.fragment:
            message = f"{name}_URL: give the https address of the gateway, without a name in it."
            raise ImproperlyConfigured(message)
        if parts.scheme != "https" and not (allows_private and parts.scheme == "http"):
            message = f"{name}_URL: texts go by https (http only with PLENARY_TEXT_PRIVATE=1)."
            raise ImproperlyConfigured(message)
        if len(secret) < SHORTEST_SECRET:
            message = f"{name}_SECRET: give it at least {SHORTEST_SECRET} random characters."
            raise ImproperlyConfigured(message)

    def send(self, text: Text, now: datetime) -> Taken:
        """Post the text; the gateway's own id for it is kept as the reference."""
        told: dict[str, Any] = {
            "id": text.uid,
            "channel": self._channel,
            "to": text.to,
            "text": text.text,
            "title": text.title,
            "link": text.link,
            "sender": text.sender,
            "language": text.language,
            "segments": segments(text.text),
            "receipts": text.receipts or None,
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": text.uid,
            TIMESTAMP: stamp,
            SIGNATURE: self.signature(stamp, body),
        }
        answer = post(self._url, body, headers, dial=self._dial)
        return Taken(words=judge(answer, gone=_GONE), reference=_reference(answer))

    def receipt(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Receipt:
        """Read a receipt; a signature that is old or not ours makes it a forged one."""
        stamp = headers.get(TIMESTAMP, "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
            raise ForgedError(f"{TIMESTAMP} is missing.")
        if abs(now.timestamp() - int(stamp)) > WINDOW.total_seconds():
            raise ForgedError(f"{TIMESTAMP} is more than five minutes off.")
        signed = headers.get(SIGNATURE, "").encode()
        if not hmac.compare_digest(signed, self.signature(stamp, body).encode()):
            raise ForgedError(f"{SIGNATURE} does not fit.")
        return _receipt(body)

    def signature(self, stamp: str, body: bytes) -> str:
        """Return ``v1=`` and the HMAC-SHA256, in hex, of the timestamp, a dot and the body."""
        signed = stamp.encode() + b"." + body
        return f"v1={hmac.new(self._secret, signed, sha256).hexdigest()}"


def _reference(answer: Answer) -> str:
    try:
        told = json.loads(answer.text)
    except (ValueError, RecursionError):
        return ""
    named = told.get("id", "") if isinstance(told, dict) else ""
    return storable(str(named))[:_REFERENCE_KEPT] if isinstance(named, str | int) else ""


def _receipt(body: bytes) -> Receipt:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise UnreadableError("The body is not JSON.") from failure
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        raise UnreadableError('"id" is missing.')
    if told.get("state") not in _STATES:
        raise UnreadableError('"state" is none of: ' + ", ".join(_STATES) + ".")
    return Receipt(
        uid=told["id"],
        is_delivered=told["state"] == "delivered",
        is_gone=told["state"] == "gone",
        words=str(told.get("words") or "")[:500],
    )
