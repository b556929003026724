"""Many scans, many presences: each stored by one statement, however many they are.

The rows go in as one JSON text, which both engines read as a table. What holds of one scan
(``keeping``) holds of each of many: ids are taken once, presence is swapped only as it was read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import DatabaseError, connection, models, transaction

from checkin.models import Presence, Scan
from checkin.operations import statements
from checkin.operations.facts import Stay
from checkin.operations.keeping import CHANGING, NIL, PRESENCE_FIELDS, keep, presence_of
from checkin.operations.recording import COLUMNS
from checkin.operations.statements import Value, id_text, id_value, json_text

_SEEN: Final = ("seen_at_scan", "seen_in_scan", "seen_entries", "seen_first_in_ms")


@dataclass(frozen=True, slots=True)
class Swap:
    """A presence to be put in place of the one that was read as ``before``."""

    conference: int
    delegate: int
    zone: int
    before: Stay | None
    after: Stay


def keep_many(rows: Sequence[Mapping[str, Value]]) -> tuple[set[str], set[str]]:
    """Store scans whose ids are not taken; return the ids stored, and those no engine would keep.

    The ids must differ. Whoever stores some of them at once waits, in one order for all.
    """
    if not rows:
        return set(), set()
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    try:
        with transaction.atomic():
            stored = statements.fetch_all(_keep_statement(connection.vendor), [json_text(ordered)])
    except DatabaseError:
        return _keep_each(ordered)
    return {id_text(row[0]) or "" for row in stored}, set()


def _keep_each(rows: Iterable[Mapping[str, Value]]) -> tuple[set[str], set[str]]:
    """Store scans one by one: whatever is wrong with one of them harms no other."""
    stored: set[str] = set()
    faulty: set[str] = set()
    for row in rows:
        scan_id = id_text(str(row["id"])) or ""
        try:
            with transaction.atomic():
                if keep(row):
                    stored.add(scan_id)
        except DatabaseError:
            faulty.add(scan_id)
    return stored, faulty


def swap_many(swaps: Sequence[Swap], now: datetime) -> set[int]:
    """Put presences in place of those that were read; return whose have changed since."""
    rows = [
        {
            **presence_of(each.conference, each.delegate, each.zone, each.after, now),
            "seen_at_scan": id_value(each.before.row["at_scan"]) or NIL,
            "seen_in_scan": id_value(each.before.row["in_scan"]) or NIL,
            "seen_entries": each.before.entries,
            "seen_first_in_ms": (
                -1 if each.before.first_in_ms is None else each.before.first_in_ms
            ),
        }
        if each.before
        else presence_of(each.conference, each.delegate, each.zone, each.after, now)
        for each in swaps
    ]
    done: set[tuple[int, int]] = set()
    for statement, given in (
        (_change_statement(connection.vendor), [row for row in rows if "seen_entries" in row]),
        (_add_statement(connection.vendor), [row for row in rows if "seen_entries" not in row]),
    ):
        if given:
            ordered = sorted(given, key=lambda row: (row["delegate_id"], row["zone_id"]))
            done |= {
                (row[0], row[1]) for row in statements.fetch_all(statement, [json_text(ordered)])
            }
    return {each.delegate for each in swaps if (each.delegate, each.zone) not in done}


@cache
def _keep_statement(_engine: str) -> str:
    return (
        f"INSERT INTO checkin_scan ({', '.join(COLUMNS)})"  # noqa: S608 - names of the model
        f" SELECT {_selected(Scan, COLUMNS)} FROM {_given(Scan, COLUMNS)} WHERE true"
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )


@cache
def _add_statement(_engine: str) -> str:
    return (
        f"INSERT INTO checkin_presence ({', '.join(PRESENCE_FIELDS)})"  # noqa: S608
        f" SELECT {_selected(Presence, PRESENCE_FIELDS)}"
        f" FROM {_given(Presence, PRESENCE_FIELDS)} WHERE true"
        " ON CONFLICT (delegate_id, zone_id) DO NOTHING RETURNING delegate_id, zone_id"
    )


@cache
def _change_statement(_engine: str) -> str:
    table = _given(Presence, PRESENCE_FIELDS, seen=True)
    value = dict(zip(PRESENCE_FIELDS, _values(Presence, PRESENCE_FIELDS), strict=True))
    seen = dict(zip(_SEEN, _values(Presence, (), seen=True), strict=True))
    changes = ", ".join(f"{name} = {value[name]}" for name in CHANGING)
    nil = f"'{NIL}'"
    return (
        f"UPDATE checkin_presence SET {changes} FROM {table}"  # noqa: S608
        f" WHERE checkin_presence.delegate_id = {value['delegate_id']}"
        f" AND checkin_presence.zone_id = {value['zone_id']}"
        f" AND coalesce(checkin_presence.at_scan, {nil}) = {seen['seen_at_scan']}"
        f" AND coalesce(checkin_presence.in_scan, {nil}) = {seen['seen_in_scan']}"
        f" AND checkin_presence.entries = {seen['seen_entries']}"
        f" AND coalesce(checkin_presence.first_in_ms, -1) = {seen['seen_first_in_ms']}"
        " RETURNING checkin_presence.delegate_id, checkin_presence.zone_id"
    )


def _selected(model: type[models.Model], columns: Sequence[str]) -> str:
    return ", ".join(_values(model, columns))


def _values(model: type[models.Model], columns: Sequence[str], *, seen: bool = False) -> list[str]:
    """Return how the columns of the given rows are named in a statement."""
    names = (*columns, *(_SEEN if seen else ()))
    if not statements.is_postgresql():
        return [f"json_extract(given.value, '$.{name}')" for name in names]
    types = _types(model, seen=seen)
    return [f"given.{name}::jsonb" if types[name] == "jsonb" else f"given.{name}" for name in names]


def _given(model: type[models.Model], columns: Sequence[str], *, seen: bool = False) -> str:
    """Return the given rows as a table; JSON in them stands as text, as it does in a row."""
    if not statements.is_postgresql():
        return "json_each(%s) AS given"
    types = _types(model, seen=seen)
    named = ", ".join(
        f"{name} {'text' if types[name] == 'jsonb' else types[name]}"
        for name in (*columns, *(_SEEN if seen else ()))
    )
    return f"json_to_recordset(%s) AS given ({named})"


def _types(model: type[models.Model], *, seen: bool) -> Mapping[str, Any]:
    types: dict[str, Any] = {
        str(field.column): str(field.cast_db_type(connection))
        for field in model._meta.concrete_fields
    }
    if seen:
        types |= {name: types[name.removeprefix("seen_")] for name in _SEEN}
    return types
