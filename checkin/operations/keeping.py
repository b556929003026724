"""Scans and presence as rows: read in one statement, stored in one, never written over.

This is the hot path of a door, so its statements are written by hand. Presence is only ever
changed by comparing what is there with what was read: who loses the race reads again. That holds
on both engines and needs no lock that a reader would have to wait for.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from checkin.messages import PresenceRow, Record, ZoneRules
from checkin.models import Device, Presence, Scan

_NIL: Final = UUID(int=0)

_FACTS = """
SELECT z.reentry, z.windows, z.resets, z.escort,
       EXISTS (SELECT 1 FROM checkin_device_zones dz
                WHERE dz.device_id = %s AND dz.zone_id = z.id),
       EXISTS (SELECT 1 FROM checkin_gate_zones gz
                WHERE gz.gate_id = %s AND gz.zone_id = z.id),
       (SELECT s.id FROM checkin_scan s WHERE s.id = %s),
       b.id, b.delegate_id, b.revoked_at IS NOT NULL, c.number, d.withdrawn_at IS NOT NULL,
       d.vip, a.state,
       EXISTS (SELECT 1 FROM checkin_block k
                WHERE k.delegate_id = d.id AND k.since <= %s
                  AND (k.until IS NULL OR k.until > %s)),
       EXISTS (SELECT 1 FROM checkin_zone_open_to o
                WHERE o.zone_id = z.id AND o.badgeclass_id = b.badge_class_id),
       EXISTS (SELECT 1 FROM checkin_zonegrant g
                WHERE g.zone_id = z.id AND g.delegate_id = d.id),
       p.id, p.inside, p.entries, p.first_in_ms, p.in_ms, p.in_scan, p.gate_id, p.at_ms, p.at_scan
  FROM checkin_zone z
  LEFT JOIN delegates_badge b ON b.conference_id = z.conference_id AND b.lookup = %s
  LEFT JOIN delegates_badgeclass c ON c.id = b.badge_class_id
  LEFT JOIN delegates_delegate d ON d.id = b.delegate_id
  LEFT JOIN delegates_accreditation a ON a.delegate_id = d.id
  LEFT JOIN checkin_presence p ON p.delegate_id = d.id AND p.zone_id = z.id
 WHERE z.id = %s AND z.conference_id = %s
"""

_PRESENCE_FIELDS = (
    "conference_id",
    "delegate_id",
    "zone_id",
    "inside",
    "entries",
    "first_in_ms",
    "in_ms",
    "in_scan",
    "gate_id",
    "at_ms",
    "at_scan",
    "changed_at",
)
_CHANGING = _PRESENCE_FIELDS[3:]
_SCAN_FIELDS = tuple(str(field.column) for field in Scan._meta.concrete_fields)


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


# The names put into these statements are the model's own; every value is a parameter.
_SWAP = (
    f"INSERT INTO checkin_presence ({', '.join(_PRESENCE_FIELDS)})"  # noqa: S608
    f" VALUES ({_marks(len(_PRESENCE_FIELDS))})"
    " ON CONFLICT (delegate_id, zone_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _CHANGING)
    + " WHERE coalesce(checkin_presence.at_scan, %s) = %s"
    " AND coalesce(checkin_presence.in_scan, %s) = %s"
    " AND checkin_presence.entries = %s"
    " AND coalesce(checkin_presence.first_in_ms, -1) = %s"
)
_INSERT_SCAN = f"INSERT INTO checkin_scan ({', '.join(_SCAN_FIELDS)})"
_KEEP_SCAN = f"{_INSERT_SCAN} VALUES ({_marks(len(_SCAN_FIELDS))}) ON CONFLICT (id) DO NOTHING"
_SWAP_AND_KEEP = (
    f"WITH moved AS ({_SWAP} RETURNING 1) {_INSERT_SCAN}"  # noqa: S608
    f" SELECT {_marks(len(_SCAN_FIELDS))} FROM moved ON CONFLICT (id) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's presence in a zone, with what the counts need besides."""

    row: PresenceRow
    entries: int
    first_in_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose badge it is, and what the verdict asks about her or him in this zone."""

    badge: int
    delegate: int
    badge_void: bool
    badge_class: int
    withdrawn: bool
    vip: bool
    accreditation: str | None
    blocked: bool
    class_may_enter: bool
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a scan's verdict depends on, read in one statement."""

    zone: ZoneRules
    device_serves: bool
    gate_leads: bool
    scan_known: bool
    person: Person | None
    stay: Stay | None


def read_facts(device: Device, record: Record, now: datetime) -> Facts | None:
    """Return the facts of a scan at ``now``; None if its zone is not of this conference."""
    at = connection.ops.adapt_datetimefield_value(now)
    asked = (
        *_ids(device.pk),
        record["gate"],
        *_ids(UUID(record["scan_id"])),
        at,
        at,
        record["lookup"],
        record["zone"],
        device.conference_id,
    )
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        row = cursor.fetchone()
    return _facts(row, record["zone"]) if row else None


def _facts(row: Sequence[Any], zone: int) -> Facts:
    person = _person(row[7:17]) if row[7] is not None else None
    allowed = [person.badge_class] if person and person.class_may_enter else []
    return Facts(
        zone=ZoneRules(
            id=zone,
            reentry=row[0],
            windows=_json(row[1]),
            resets=_json(row[2]),
            escort=bool(row[3]),
            open_to=allowed,
            # Entry on a signature alone is for phones that cannot ask.
            provisional=[],
        ),
        device_serves=bool(row[4]),
        gate_leads=bool(row[5]),
        scan_known=row[6] is not None,
        person=person,
        stay=_stay(row[18:]) if row[17] is not None else None,
    )


def _person(row: Sequence[Any]) -> Person:
    return Person(
        badge=row[0],
        delegate=row[1],
        badge_void=bool(row[2]),
        badge_class=row[3],
        withdrawn=bool(row[4]),
        vip=bool(row[5]),
        accreditation=row[6],
        blocked=bool(row[7]),
        class_may_enter=bool(row[8]),
        granted=bool(row[9]),
    )


def _stay(row: Sequence[Any]) -> Stay:
    inside, entries, first_in_ms, in_ms, in_scan, gate, at_ms, at_scan = row
    return Stay(
        PresenceRow(
            inside=bool(inside),
            in_ms=in_ms,
            in_scan=id_text(in_scan),
            gate=gate,
            at_ms=at_ms,
            at_scan=id_text(at_scan),
        ),
        entries=entries,
        first_in_ms=first_in_ms,
    )


def stay_of(presence: Presence) -> Stay:
    """Return a presence row as the fold knows it."""
    return Stay(
        PresenceRow(
            inside=presence.inside,
            in_ms=presence.in_ms,
            in_scan=id_text(presence.in_scan),
            gate=presence.gate_id,
            at_ms=presence.at_ms,
            at_scan=id_text(presence.at_scan),
        ),
        entries=presence.entries,
        first_in_ms=presence.first_in_ms,
    )


def keep(scan: Scan, *, before: Stay | None, after: Stay | None, now: datetime) -> bool:
    """Store a scan, and with ``after`` the presence that follows from it.

    False, with nothing to be kept of it (roll back), if the scan's id is taken or the presence is
    not what was read as ``before``. One statement on PostgreSQL.
    """
    stored = _prepared(scan)
    with connection.cursor() as cursor:
        if after is None:
            cursor.execute(_KEEP_SCAN, stored)
            return bool(cursor.rowcount == 1)
        swapped = _swap_values((scan.conference_id, _whose(scan), scan.zone_id), before, after, now)
        if connection.vendor == "postgresql":
            cursor.execute(_SWAP_AND_KEEP, (*swapped, *stored))
            return bool(cursor.rowcount == 1)
        cursor.execute(_SWAP, swapped)
        if cursor.rowcount != 1:
            return False
        cursor.execute(_KEEP_SCAN, stored)
        return bool(cursor.rowcount == 1)


def swap(
    *, conference: int, delegate: int, zone: int, before: Stay | None, after: Stay, now: datetime
) -> bool:
    """Put a presence in place of the one that was read; False if it has changed since."""
    with connection.cursor() as cursor:
        cursor.execute(_SWAP, _swap_values((conference, delegate, zone), before, after, now))
        return bool(cursor.rowcount == 1)


def gone(stay: Stay) -> Stay:
    """Return the presence of somebody whose entries and exits were all taken back."""
    nobody = PresenceRow(
        inside=False, in_ms=None, in_scan=None, gate=None, at_ms=None, at_scan=None
    )
    return replace(stay, row=nobody, entries=0, first_in_ms=None)


def _swap_values(
    whose: tuple[int, int, int], before: Stay | None, after: Stay, now: datetime
) -> tuple[Any, ...]:
    row = after.row
    seen = before or gone(after)
    return (
        *whose,
        row["inside"],
        after.entries,
        after.first_in_ms,
        row["in_ms"],
        *_ids(row["in_scan"]),
        row["gate"],
        row["at_ms"],
        *_ids(row["at_scan"]),
        connection.ops.adapt_datetimefield_value(now),
        *_ids(_NIL, seen.row["at_scan"] or _NIL),
        *_ids(_NIL, seen.row["in_scan"] or _NIL),
        seen.entries,
        -1 if seen.first_in_ms is None else seen.first_in_ms,
    )


def _whose(scan: Scan) -> int:
    if scan.delegate_id is None:
        message = "presence is of a person"
        raise ValueError(message)
    return scan.delegate_id


def _prepared(scan: Scan) -> list[Any]:
    return [
        field.get_db_prep_save(getattr(scan, field.attname), connection)
        for field in Scan._meta.concrete_fields
    ]


def _ids(*ids: UUID | str | None) -> list[Any]:
    """Return ids as the engine holds them."""
    column = Scan._meta.pk
    return [column.get_db_prep_value(each, connection) if each else None for each in ids]


def id_text(value: UUID | str | None) -> str | None:
    """Return an id as it goes over the wire."""
    return str(value if isinstance(value, UUID) else UUID(value)) if value else None


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
