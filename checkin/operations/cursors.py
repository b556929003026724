"""Cursors: what a device holds, in at most 200 characters that only this server can write.

A cursor is signed for its device, so that nobody can make one that skips a change.
"""

import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Self

from django.utils.crypto import salted_hmac

from checkin.models import Device
from checkin.operations.changing import ANSWERED, Position
from delegates.documents import base64url

#: Told anew whenever what a snapshot holds takes another form.
_FORM: Final = 1
_HEAD: Final = struct.Struct(">BQIQ8s4s")
_SIGNATURE: Final = 12
_MOST_RUNNING: Final = 24
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a device holds: all that could be seen from ``position``, as it counted at ``at``."""

    position: Position
    at: datetime
    rules: bytes
    zones: bytes

    @classmethod
    def of(cls, *, position: Position, at: datetime, rules: bytes, zones: Iterable[int]) -> Self:
        """Describe what is handed out; ``rules`` is their JSON."""
        served = ",".join(str(zone) for zone in sorted(zones)).encode()
        return cls(
            position=position,
            at=at,
            rules=sha256(rules).digest()[:8],
            zones=sha256(served).digest()[:4],
        )


def write(device: Device, held: Held) -> str:
    """Return the cursor for this."""
    position = _short(held.position)
    content = _HEAD.pack(
        _FORM,
        (held.at - _EPOCH) // _MICROSECOND,
        position.era,
        position.later,
        held.rules,
        held.zones,
    ) + b"".join(struct.pack(">I", position.later - each) for each in position.running)
    return base64url.encode(content + _signature(device, content))


def read(device: Device, cursor: str, *, now: datetime) -> Held | None:
    """Return what the cursor says; None if it is not this device's, or too old."""
    try:
        data = base64url.decode(cursor)
    except ValueError:
        return None
    content, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if len(content) < _HEAD.size or not hmac.compare_digest(signature, _signature(device, content)):
        return None
    form, at, era, later, rules, zones = _HEAD.unpack_from(content)
    held = Held(
        position=Position(
            era=era,
            later=later,
            running=tuple(
                later - back for (back,) in struct.iter_unpack(">I", content[_HEAD.size :])
            ),
        ),
        at=_EPOCH + at * _MICROSECOND,
        rules=rules,
        zones=zones,
    )
    return held if form == _FORM and now - held.at <= ANSWERED else None


def _short(position: Position) -> Position:
    """Return the position, or an earlier one if too many transactions were running."""
    if len(position.running) <= _MOST_RUNNING:
        return position
    return Position(era=position.era, later=min(position.running))


def _signature(device: Device, content: bytes) -> bytes:
    signed = salted_hmac("checkin.cursor", device.pk.bytes + content, algorithm="sha256")
    return signed.digest()[:_SIGNATURE]
