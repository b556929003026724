"""Scans and presence as rows: stored in one statement, never written over.

Presence is only ever changed by comparing what is there with what was read: who loses the race
reads again. That holds on both engines and needs no lock that a reader would have to wait for.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction

from checkin.messages import PresenceRow
from checkin.models import Presence
from checkin.operations import statements
from checkin.operations.facts import STAY_COLUMNS, Stay
from checkin.operations.recording import COLUMNS, values_of
from checkin.operations.statements import Value, id_text, id_value, moment

NIL: Final = "0" * 32

PRESENCE_FIELDS = ("conference_id", "delegate_id", "zone_id", *STAY_COLUMNS, "changed_at")
CHANGING = PRESENCE_FIELDS[3:]


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


# The names put into these statements are the model's own; every value is a parameter.
_SWAP = (
    f"INSERT INTO checkin_presence ({', '.join(PRESENCE_FIELDS)})"  # noqa: S608
    f" VALUES ({_marks(len(PRESENCE_FIELDS))})"
    " ON CONFLICT (delegate_id, zone_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in CHANGING)
    + " WHERE coalesce(checkin_presence.at_scan, %s) = %s"
    " AND coalesce(checkin_presence.in_scan, %s) = %s"
    " AND checkin_presence.entries = %s"
    " AND coalesce(checkin_presence.first_in_ms, -1) = %s"
)
_INSERT = f"INSERT INTO checkin_scan ({', '.join(COLUMNS)})"
_KEEP = f"{_INSERT} VALUES ({_marks(len(COLUMNS))})"
_KEEP_AND_MOVE = (
    f"WITH moved AS ({_SWAP} RETURNING 1) {_INSERT}"  # noqa: S608
    f" SELECT {_marks(len(COLUMNS))} FROM moved"
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


def keep(row: Mapping[str, Value]) -> bool:
    """Store a scan that moves nobody; False if its id is taken."""
    try:
        with _undone_alone():
            return statements.run(_KEEP, values_of(row)) == 1
    except IntegrityError:
        return False


def keep_and_move(
    row: Mapping[str, Value], *, before: Stay | None, after: Stay, now: datetime
) -> bool:
    """Store a scan and the presence that follows from it, both or neither.

    False if the scan's id is taken, or the presence is not what was read as ``before``. One
    statement on PostgreSQL, which needs no transaction around it.
    """
    stored = values_of(row)
    swapped = _swap_values(row, before, after, now)
    try:
        if statements.is_postgresql():
            with _undone_alone():
                return statements.run(_KEEP_AND_MOVE, (*swapped, *stored)) == 1
        with transaction.atomic():
            return statements.run(_SWAP, swapped) == 1 and statements.run(_KEEP, stored) == 1
    except IntegrityError:
        # Not only another scan with this id: whatever it was, it is read again.
        return False


def gone(stay: Stay) -> Stay:
    """Return the presence of somebody whose entries and exits were all taken back."""
    nobody = PresenceRow(
        inside=False, in_ms=None, in_scan=None, gate=None, at_ms=None, at_scan=None
    )
    return replace(stay, row=nobody, entries=0, first_in_ms=None)


def _undone_alone() -> transaction.Atomic | nullcontext[None]:
    """Return what lets a statement fail without the transaction around it, if there is one."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def presence_of(
    conference: int, delegate: int, zone: int, stay: Stay, now: datetime
) -> dict[str, Value]:
    """Return the row of a presence, in the order of ``PRESENCE_FIELDS``."""
    row = stay.row
    return {
        "conference_id": conference,
        "delegate_id": delegate,
        "zone_id": zone,
        "inside": row["inside"],
        "entries": stay.entries,
        "first_in_ms": stay.first_in_ms,
        "in_ms": row["in_ms"],
        "in_scan": id_value(row["in_scan"]),
        "gate_id": row["gate"],
        "at_ms": row["at_ms"],
        "at_scan": id_value(row["at_scan"]),
        "changed_at": moment(now),
    }


def _swap_values(
    row: Mapping[str, Value], before: Stay | None, after: Stay, now: datetime
) -> tuple[Value, ...]:
    """Return the values of a swap: the new presence, then what was seen of the one before."""
    conference, delegate, zone = row["conference_id"], row["delegate_id"], row["zone_id"]
    presence = presence_of(int(conference or 0), int(delegate or 0), int(zone or 0), after, now)
    seen = before or gone(after)
    return (
        *presence.values(),
        NIL,
        id_value(seen.row["at_scan"]) or NIL,
        NIL,
        id_value(seen.row["in_scan"]) or NIL,
        seen.entries,
        -1 if seen.first_in_ms is None else seen.first_in_ms,
    )
