"""Statements of the door that are written by hand: one text, planned once, for both engines.

Values go in as plain texts and numbers. PostgreSQL gets all of them as texts, whose types it takes
from where they stand: so a statement has one form, is prepared once on each connection, and is not
planned anew for each scan.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import Cursor

Value = str | int | None


class _Preparing(Cursor[Any]):
    """Prepares each statement on its connection the first time that it is used."""

    def _get_prepared(self, pgq: Any, prepare: bool | None = None) -> Any:  # noqa: FBT001
        # Django's log of statements asks here what was run.
        self._query = pgq
        return super()._get_prepared(pgq, prepare=True)


def fetch_one(statement: str, values: Iterable[Value]) -> Sequence[Any] | None:
    """Run a statement and return its first row."""
    with _cursor() as cursor:
        cursor.execute(statement, _given(values))
        row: Sequence[Any] | None = cursor.fetchone()
        return row


def fetch_all(statement: str, values: Iterable[Value]) -> list[Sequence[Any]]:
    """Run a statement and return its rows."""
    with _cursor() as cursor:
        cursor.execute(statement, _given(values))
        rows: list[Sequence[Any]] = cursor.fetchall()
        return rows


def run(statement: str, values: Iterable[Value]) -> int:
    """Run a statement and return how many rows it wrote."""
    with _cursor() as cursor:
        cursor.execute(statement, _given(values))
        return int(cursor.rowcount)


def is_postgresql() -> bool:
    """Return whether several changes fit into one statement here."""
    return connection.vendor == "postgresql"


def moment(instant: datetime) -> str:
    """Return an instant as both engines read it."""
    written = str(instant.astimezone(UTC).replace(tzinfo=None))
    return f"{written}+00" if is_postgresql() else written


def id_value(value: UUID | str | None) -> str | None:
    """Return an id as both engines read it: 32 hex."""
    if value is None:
        return None
    return value.hex if isinstance(value, UUID) else value.replace("-", "")


def id_text(value: UUID | str | None) -> str | None:
    """Return an id as it goes over the wire; SQLite holds ids as 32 hex."""
    if value is None:
        return None
    if isinstance(value, UUID):
        return str(value)
    if "-" in value:
        return value
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def json_text(value: Any) -> str:
    """Return JSON as both engines read it."""
    return _COMPACT.encode(value)


def from_json(value: Any) -> Any:
    """Return what a JSON column holds; SQLite holds it as text."""
    return json.loads(value) if isinstance(value, str) else value


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _given(values: Iterable[Value]) -> list[Value]:
    if not is_postgresql():
        return list(values)
    return [value if value is None or value.__class__ is str else str(value) for value in values]


def _cursor() -> Any:
    """Return a cursor of this thread's connection; on PostgreSQL one that prepares."""
    if not is_postgresql():
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        prepared = _Preparing(connection.connection)
    # What Django's own cursors are wrapped in: errors by its names, the log of statements.
    return connection._prepare_cursor(prepared)  # type: ignore[attr-defined]
