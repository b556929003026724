"""All that a verdict depends on, read in one statement: device, zone, person, presence, the scan.

Whoever asks is in the same row, so that a scan at the door needs no statement to know its device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime

from checkin.messages import PresenceRow, Record, ZoneRules
from checkin.operations import statements
from checkin.operations.recording import COLUMNS
from checkin.operations.statements import Value, from_json, id_text, id_value, moment

#: Any contact counts as a sign of life; it is written down at most this often.
SEEN_EVERY: Final = timedelta(seconds=30)

_DEVICE = (
    "v.id, v.conference_id, v.gate_id, v.capabilities, v.valid_until <= %s,"
    " v.revoked_at IS NOT NULL, v.suspended_at IS NOT NULL,"
    " v.last_seen_at IS NULL OR v.last_seen_at <= %s"
)
_ZONE = """
 z.id, z.reentry, z.windows, z.resets, z.escort, z.capacity,
 EXISTS (SELECT 1 FROM checkin_device_zones dz WHERE dz.device_id = v.id AND dz.zone_id = z.id),
 EXISTS (SELECT 1 FROM checkin_gate_zones gz WHERE gz.gate_id = v.gate_id AND gz.zone_id = z.id)
"""
_PERSON = """
 b.id, b.delegate_id, b.revoked_at IS NOT NULL, c.number, d.withdrawn_at IS NOT NULL, d.vip,
 a.state,
 (SELECT max(CASE WHEN k.since <= %s AND (k.until IS NULL OR k.until > %s) THEN 2 ELSE 1 END)
    FROM checkin_block k WHERE k.delegate_id = d.id),
 EXISTS (SELECT 1 FROM checkin_zone_open_to o
          WHERE o.zone_id = z.id AND o.badgeclass_id = b.badge_class_id),
 EXISTS (SELECT 1 FROM checkin_zonegrant g WHERE g.zone_id = z.id AND g.delegate_id = d.id)
 OR z.for_enrolled AND EXISTS (
     SELECT 1 FROM programme_enrolment e
      WHERE e.session_id = z.session_id AND e.delegate_id = d.id AND e.state = 'seat'),
 h.to_desk, h.escort, h.valid_from, h.valid_until,
 EXISTS (SELECT 1 FROM checkin_scan u
          WHERE u.delegate_id = d.id AND u.zone_id = z.id AND u.uncertain)
"""
STAY_COLUMNS: Final = (
    "inside",
    "entries",
    "first_in_ms",
    "in_ms",
    "in_scan",
    "gate_id",
    "at_ms",
    "at_scan",
)
_STAY = ", ".join(f"p.{name}" for name in ("id", *STAY_COLUMNS))
# The names put into this statement are the models' own; every value is a parameter.
_FACTS = f"""
SELECT {_DEVICE}, {_ZONE}, {_PERSON}, {_STAY}, {", ".join(f"s.{name}" for name in COLUMNS)}
  FROM checkin_device v
  LEFT JOIN checkin_zone z ON z.id = %s AND z.conference_id = v.conference_id
  LEFT JOIN checkin_scan s ON s.id = %s
  LEFT JOIN delegates_badge b ON b.conference_id = v.conference_id AND b.lookup = %s
  LEFT JOIN delegates_badgeclass c ON c.id = b.badge_class_id
  LEFT JOIN delegates_delegate d ON d.id = b.delegate_id
  LEFT JOIN delegates_accreditation a ON a.delegate_id = d.id
  LEFT JOIN checkin_handling h ON h.delegate_id = d.id
  LEFT JOIN checkin_presence p ON p.delegate_id = d.id AND p.zone_id = z.id
 WHERE """  # noqa: S608
_BY_TOKEN = f"{_FACTS} v.token_hash = %s"
_BY_ID = f"{_FACTS} v.id = %s"
# Where each part begins in the row.
_AT_ZONE, _AT_PERSON, _AT_STAY, _AT_SCAN = 8, 16, 31, 40
# What the statement says of blocks: none at all, one that does not hold now, one that does.
_BLOCKED_NOW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The device that asks, as far as its checks need it."""

    id: UUID
    conference: int
    gate: int
    capabilities: Sequence[str]
    expired: bool
    revoked: bool
    suspended: bool
    unseen: bool

    def can(self, capability: str) -> bool:
        """Return whether the device has this capability."""
        return capability in self.capabilities


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
    to_desk: bool
    escort: bool
    valid: list[int | None] | None
    #: A scan that is fine by itself may make a conflict with what is known of the person.
    may_clash: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a scan's verdict depends on; ``known`` are the columns of a scan with its id."""

    caller: Caller
    zone: ZoneRules | None
    capacity: int | None
    device_serves: bool
    gate_leads: bool
    person: Person | None
    stay: Stay | None
    known: Sequence[Any] | None


def read_facts(
    record: Record, now: datetime, *, token_hash: str = "", device: UUID | None = None
) -> Facts | None:
    """Return the facts of a scan at ``now``; None if no device has this token, or id."""
    at = moment(now)
    values: tuple[Value, ...] = (
        at,
        moment(now - SEEN_EVERY),
        at,
        at,
        record["zone"],
        id_value(record["scan_id"]),
        record["lookup"],
    )
    if device is None:
        row = statements.fetch_one(_BY_TOKEN, (*values, token_hash))
    else:
        row = statements.fetch_one(_BY_ID, (*values, id_value(device)))
    return _facts(row) if row else None


def _facts(row: Sequence[Any]) -> Facts:
    zone = row[_AT_ZONE:_AT_PERSON]
    person = _person(row[_AT_PERSON:_AT_STAY]) if row[_AT_PERSON] is not None else None
    return Facts(
        caller=_caller(row),
        zone=_zone(zone, person) if zone[0] is not None else None,
        capacity=zone[5],
        device_serves=bool(zone[6]),
        gate_leads=bool(zone[7]),
        person=person,
        stay=stay_from(row[_AT_STAY + 1 : _AT_SCAN]) if row[_AT_STAY] is not None else None,
        known=row[_AT_SCAN:] if row[_AT_SCAN] is not None else None,
    )


def _caller(row: Sequence[Any]) -> Caller:
    return Caller(
        id=row[0] if isinstance(row[0], UUID) else UUID(row[0]),
        conference=row[1],
        gate=row[2],
        capabilities=from_json(row[3]),
        expired=bool(row[4]),
        revoked=bool(row[5]),
        suspended=bool(row[6]),
        unseen=bool(row[7]),
    )


def _zone(row: Sequence[Any], person: Person | None) -> ZoneRules:
    return ZoneRules(
        id=row[0],
        reentry=row[1],
        windows=from_json(row[2]),
        resets=sorted(from_json(row[3])),
        escort=bool(row[4]),
        open_to=[person.badge_class] if person and person.class_may_enter else [],
        # Entry on a signature alone is for phones that cannot ask.
        provisional=[],
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
        blocked=row[7] == _BLOCKED_NOW,
        class_may_enter=bool(row[8]),
        granted=bool(row[9]),
        to_desk=bool(row[10]),
        escort=bool(row[11]),
        valid=_valid(row[12], row[13]),
        may_clash=bool(row[14]) or row[7] is not None,
    )


def _valid(since: Any, until: Any) -> list[int | None] | None:
    if since is None and until is None:
        return None
    return [_ms(since), _ms(until)]


def _ms(instant: Any) -> int | None:
    """Return an instant in ms; SQLite holds it as a text in UTC."""
    if isinstance(instant, str):
        instant = parse_datetime(instant)
        instant = instant.replace(tzinfo=UTC) if instant else None
    return round(instant.timestamp() * 1000) if instant else None


def stay_from(row: Sequence[Any]) -> Stay:
    """Return a presence from its ``STAY_COLUMNS``."""
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
