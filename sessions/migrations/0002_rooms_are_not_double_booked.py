"""No two sessions in one closed room at one time, held by the database on both engines.

PostgreSQL has an exclusion constraint for it; on SQLite triggers say the same. Ranges are half
open: a session may begin at the instant at which another ends.
"""

from django.db import migrations

OVERLAPPING = """
    SELECT RAISE(ABORT, 'session_room_not_double_booked') WHERE EXISTS (
        SELECT 1 FROM programme_session AS other
        WHERE other.room_id = NEW.room_id AND other.id <> NEW.id
          AND other.room_exclusive AND other.cancelled_at IS NULL
          AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at);
"""
CONCERNED = "WHEN NEW.room_id IS NOT NULL AND NEW.room_exclusive AND NEW.cancelled_at IS NULL"

SQLITE_FORWARD = (
    f"""
    CREATE TRIGGER session_room_insert AFTER INSERT ON programme_session
    {CONCERNED} BEGIN {OVERLAPPING} END
    """,
    f"""
    CREATE TRIGGER session_room_update
    AFTER UPDATE OF room_id, room_exclusive, cancelled_at, starts_at, ends_at ON programme_session
    {CONCERNED} BEGIN {OVERLAPPING} END
    """,
)
SQLITE_BACKWARD = ("DROP TRIGGER session_room_update", "DROP TRIGGER session_room_insert")

POSTGRESQL_FORWARD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE programme_session ADD CONSTRAINT session_room_not_double_booked
    EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (room_id IS NOT NULL AND room_exclusive AND cancelled_at IS NULL)
    """,
)
POSTGRESQL_BACKWARD = (
    "ALTER TABLE programme_session DROP CONSTRAINT session_room_not_double_booked",
)


def _run(schema_editor, sqlite, postgresql):
    statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in statements:
        schema_editor.execute(statement)


def refuse_double_booking(apps, schema_editor):
    """Create the constraint of this engine."""
    _run(schema_editor, SQLITE_FORWARD, POSTGRESQL_FORWARD)


def allow_double_booking(apps, schema_editor):
    """Drop the constraint of this engine."""
    _run(schema_editor, SQLITE_BACKWARD, POSTGRESQL_BACKWARD)


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]

    operations = [migrations.RunPython(refuse_double_booking, allow_double_booking)]
