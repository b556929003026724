"""SQLite makes a table anew to change a column, and its triggers go with the old one.

The tables of scans and presence were made anew in 0011. Whatever trigger is missing is created
again; every phone gets everything once, since changes of presence were not marked meanwhile.
"""

from importlib import import_module

from django.db import migrations

marks = import_module("checkin.migrations.0006_doors_mark_changes")


def mark_again(apps, schema_editor):
    """Create the triggers that are missing on SQLite; PostgreSQL has not lost any."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        standing = {name for (name,) in cursor.fetchall()}
    missing = [
        statement for statement in marks.sqlite_triggers() if statement.split()[2] not in standing
    ]
    for statement in missing:
        schema_editor.execute(statement, params=None)
    if missing:
        _mark_everything(schema_editor)


def _mark_everything(schema_editor):
    for statement in marks.TICK.strip().split(";")[:-1]:
        schema_editor.execute(statement, params=None)
    schema_editor.execute(
        f"""
        INSERT INTO checkin_change (changed_in, marked_at, conference)
        SELECT clock.position, {marks.NOW}, conference.id
          FROM checkin_changeclock AS clock, conference_conference AS conference
        """,  # noqa: S608 (the one name put in is written in 0006)
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("checkin", "0012_gates_find_their_last_scan"),
        ("conference", "0003_api_tokens"),
    ]

    operations = [migrations.RunPython(mark_again, migrations.RunPython.noop)]
