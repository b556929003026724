"""Snapshots for phones: the whole, or only what has changed since the last one (CP1, section 2).

A delta may repeat, never skip: the position is read before the rows, so whatever is not in them
yet is unseen from there and comes with the next one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from checkin.models import Device
from checkin.operations import cursors
from checkin.operations.changing import Changes, Position, changes_since, present_position
from checkin.operations.cursors import Held
from checkin.operations.packing import Packed, Piece, compact_json
from checkin.operations.ruling import rules
from checkin.operations.snapshotting import NOWHERE, presence_row, sealed_rows, stays
from checkin.operations.stocks import stock_of_badges, stock_of_presence

LEASE_MS = 12 * 3600 * 1000
POLL_S = 30
#: That a device still holds the newest list is written down at most this often.
_NOTED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What goes to the phone: a whole one is packed. Without news the cursor is the one it has."""

    cursor: str
    body: dict[str, Any] | Packed


def snapshot(*, device: Device, cursor: str, now: datetime) -> Snapshot:
    """Return what the device does not know yet; all of it if ``cursor`` is not to be built upon.

    The number of queries is constant.
    """
    position = present_position()
    zones = sorted(device.zones.values_list("pk", flat=True))
    told = rules(device)
    held = Held.of(position=position, at=now, rules=compact_json(told), zones=zones)
    former = cursors.read(device, cursor, now=now)
    delta = None
    if former and former.zones == held.zones and former.position.precedes(position):
        delta = _delta(device, former, held, told, zones)
    has_news = delta is None or any(delta.values())
    named = cursors.write(device, held) if has_news else cursor
    frame = {"full": delta is None, "cursor": named, "lease_ms": LEASE_MS, "poll_s": POLL_S}
    if delta is None:
        body: dict[str, Any] | Packed = _whole(device, {**frame, "rules": told}, zones, now)
    else:
        body = {**frame, **delta}
    _note(device, named, now)
    return Snapshot(named, body)


def _whole(device: Device, begin: dict[str, Any], zones: list[int], now: datetime) -> Packed:
    """Return everything; ``begin`` are the members before the lists."""
    badges = stock_of_badges(device.conference, now=now).members
    presence = stock_of_presence(device.conference, zones, now=now).members
    return Packed(
        Piece.joined(
            [
                Piece.of(compact_json(begin)[:-1] + b',"badges":['),
                badges,
                Piece.of(b'],"gone":[],"presence":['),
                presence,
                Piece.of(b"]}"),
            ]
        )
    )


def _delta(
    device: Device, former: Held, held: Held, told: dict[str, Any], zones: list[int]
) -> dict[str, Any] | None:
    """Return what the device has not heard since ``former``; None if that is everything."""
    changes = changes_since(device.conference, former.position, then=former.at, now=held.at)
    if changes.everything:
        return None
    new_rules = {"rules": told} if former.rules != held.rules else {}
    persons = Q(delegate__in=changes.delegates)
    badges = list(sealed_rows(device.conference, persons, now=held.at))
    listed = {row["lookup"] for _person, row in badges}
    return {
        **new_rules,
        "badges": [row for _person, row in badges],
        "gone": sorted(changes.lost - listed),
        "presence": _presence(device, former.position, changes, badges, zones),
    }


def _presence(
    device: Device,
    position: Position,
    changes: Changes,
    badges: list[tuple[int, dict[str, Any]]],
    zones: list[int],
) -> list[dict[str, Any]]:
    """Return presence that moved, that of changed badges, and that which was deleted."""
    chosen = position.unseen() | Q(delegate__in=changes.delegates)
    rows = [row for _person, row in stays(device.conference, zones, chosen)]
    standing = {(row["lookup"], row["zone"]) for row in rows}
    return rows + [
        presence_row(row["lookup"], zone, NOWHERE)
        for person, row in badges
        for zone in zones
        if (person, zone) in changes.absent and (row["lookup"], zone) not in standing
    ]


def _note(device: Device, cursor: str, now: datetime) -> None:
    """Write down which list the device has, and as of when."""
    noted = device.snapshot_at
    if device.cursor != cursor or noted is None or now - noted >= _NOTED_EVERY:
        Device.objects.filter(pk=device.pk).update(cursor=cursor, snapshot_at=now)
