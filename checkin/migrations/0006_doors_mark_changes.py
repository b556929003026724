"""Marks of what phones must hear of, set by triggers on both engines, whoever writes and however.

A mark carries the id of the transaction that wrote it (PostgreSQL) or a count (SQLite, where
writers come one by one), so that a reader can tell what a former reader could not see yet, in
whatever order transactions commit. The bodies name no table but those two of the marks: SQLite
would not rename a table while the trigger of another one names it.
"""

# ruff: noqa: S608 (every name put into these statements is written in this file)

from django.db import migrations, models

TICK = """
    INSERT INTO checkin_changeclock (id, position)
    SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM checkin_changeclock WHERE id = 1);
    UPDATE checkin_changeclock SET position = position + 1 WHERE id = 1;
"""
NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"

#: Tables with a ``delegate_id``, and the columns that a card or a status depends on.
OF_PERSONS = {
    "delegates_accreditation": ("delegate_id", "state"),
    "delegates_badge": (
        "delegate_id",
        "conference_id",
        "badge_class_id",
        "issue",
        "lookup",
        "revoked_at",
    ),
    "checkin_zonegrant": ("delegate_id", "zone_id"),
    "checkin_block": ("delegate_id", "since", "until"),
    "checkin_handling": (
        "delegate_id",
        "to_desk",
        "escort",
        "attention_id",
        "valid_from",
        "valid_until",
    ),
}
OF_A_DELEGATE = (
    "uid",
    "conference_id",
    "delegation_id",
    "family_name",
    "given_name",
    "suffix",
    "native_name",
    "name_order",
    "badge_name",
    "title_en",
    "title_zh",
    "vip",
    "withdrawn_at",
)
PRESENCE = ("conference_id", "delegate_id", "zone_id", "inside", "entries", "first_in_ms", "in_ms")
PRESENCE += ("in_scan", "gate_id", "at_ms", "at_scan", "changed_at")

#: Zones that cards do not depend on are left out.
ONLY = {
    "zone_made": "NEW.for_enrolled",
    "zone_changed": "(OLD.for_enrolled OR NEW.for_enrolled)",
    "zone_gone": "OLD.for_enrolled",
}

#: Each: name, table, event, columns of an update, marks as ``{column: value}`` with OLD and NEW.
Mark = dict[str, str]
Trigger = tuple[str, str, str, tuple[str, ...], tuple[Mark, ...]]


def marking() -> list[Trigger]:
    """Return all triggers that mark, of either engine."""
    triggers: list[Trigger] = [
        (
            "delegate_changed",
            "delegates_delegate",
            "UPDATE",
            OF_A_DELEGATE,
            ({"delegate": "NEW.id"},),
        )
    ]
    for table, columns in OF_PERSONS.items():
        name = table.partition("_")[2]
        old, new = {"delegate": "OLD.delegate_id"}, {"delegate": "NEW.delegate_id"}
        triggers += [
            (f"{name}_made", table, "INSERT", (), (new,)),
            (f"{name}_changed", table, "UPDATE", columns, (old, new)),
            (f"{name}_gone", table, "DELETE", (), (old,)),
        ]
    lost = {"conference": "OLD.conference_id", "lookup": "OLD.lookup"}
    everything = {"conference": "OLD.conference_id"}
    old_seat = {"delegate": "OLD.delegate_id", "session": "OLD.session_id"}
    new_seat = {"delegate": "NEW.delegate_id", "session": "NEW.session_id"}
    old_zone, new_zone = {"session": "OLD.session_id"}, {"session": "NEW.session_id"}
    seat, zone = "programme_enrolment", "checkin_zone"
    return [
        *triggers,
        ("lookup_changed", "delegates_badge", "UPDATE", ("conference_id", "lookup"), (lost,)),
        ("lookup_gone", "delegates_badge", "DELETE", (), (lost,)),
        ("seat_made", seat, "INSERT", (), (new_seat,)),
        (
            "seat_changed",
            seat,
            "UPDATE",
            ("delegate_id", "session_id", "state"),
            (old_seat, new_seat),
        ),
        ("seat_gone", seat, "DELETE", (), (old_seat,)),
        ("zone_made", zone, "INSERT", (), (new_zone,)),
        ("zone_changed", zone, "UPDATE", ("session_id", "for_enrolled"), (old_zone, new_zone)),
        ("zone_gone", zone, "DELETE", (), (old_zone,)),
        ("number_changed", "delegates_badgeclass", "UPDATE", ("number",), (everything,)),
        ("secret_changed", "delegates_credentialauthority", "UPDATE", ("secret",), (everything,)),
        ("secret_gone", "delegates_credentialauthority", "DELETE", (), (everything,)),
        (
            "presence_gone",
            "checkin_presence",
            "DELETE",
            (),
            ({"delegate": "OLD.delegate_id", "zone": "OLD.zone_id"},),
        ),
    ]


def _condition(name: str, columns: tuple[str, ...], differs: str) -> str:
    changed = " OR ".join(f"OLD.{each} {differs} NEW.{each}" for each in columns)
    return " AND ".join(each for each in (changed and f"({changed})", ONLY.get(name, "")) if each)


def sqlite_triggers() -> list[str]:
    """Return the statements for SQLite."""
    statements = []
    for name, table, event, columns, marks in marking():
        of = f" OF {', '.join(columns)}" if columns else ""
        when = _condition(name, columns, "IS NOT")
        inserts = "".join(
            f"""
            INSERT INTO checkin_change (changed_in, marked_at, {", ".join(mark)})
            SELECT position, {NOW}, {", ".join(mark.values())}
              FROM checkin_changeclock WHERE id = 1 AND {_told_apart(marks, number)};"""
            for number, mark in enumerate(marks)
        )
        statements.append(
            f"CREATE TRIGGER mark_{name} AFTER {event}{of} ON {table}"
            f" {f'WHEN {when}' if when else ''} BEGIN {TICK} {inserts} END"
        )
    stamp = f"""{TICK}
        UPDATE checkin_presence SET changed_in =
            (SELECT position FROM checkin_changeclock WHERE id = 1) WHERE id = NEW.id;"""
    return [
        *statements,
        f"CREATE TRIGGER stamp_presence_made AFTER INSERT ON checkin_presence BEGIN {stamp} END",
        (
            f"CREATE TRIGGER stamp_presence_changed AFTER UPDATE OF {', '.join(PRESENCE)}"
            f" ON checkin_presence BEGIN {stamp} END"
        ),
    ]


def _told_apart(marks: tuple[Mark, ...], number: int) -> str:
    """Return the condition under which a mark is not the one before it again."""
    if number == 0:
        return "1"
    pairs = zip(marks[number - 1].values(), marks[number].values(), strict=True)
    return f"({' OR '.join(f'{one} IS NOT {other}' for one, other in pairs)})"


def postgresql_triggers() -> list[str]:
    """Return the statements for PostgreSQL; a person is marked once in a transaction."""
    statements = []
    for name, table, event, columns, marks in marking():
        of = f" OF {', '.join(columns)}" if columns else ""
        when = _condition(name, columns, "IS DISTINCT FROM")
        inserts = "".join(
            f"""
            INSERT INTO checkin_change (changed_in, marked_at, {", ".join(mark)})
            VALUES (pg_current_xact_id()::text::bigint, clock_timestamp(),
                    {", ".join(mark.values())})
            ON CONFLICT DO NOTHING;"""
            for mark in marks
        )
        statements += [
            (
                f"CREATE FUNCTION checkin_mark_{name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {inserts} RETURN NULL; END $$"
            ),
            (
                f"CREATE TRIGGER mark_{name} AFTER {event}{of} ON {table} FOR EACH ROW"
                f" {f'WHEN ({when})' if when else ''} EXECUTE FUNCTION checkin_mark_{name}()"
            ),
        ]
    return [
        *statements,
        """
        CREATE FUNCTION checkin_stamp_presence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            NEW.changed_in := pg_current_xact_id()::text::bigint; RETURN NEW;
        END $$
        """,
        (
            "CREATE TRIGGER stamp_presence BEFORE INSERT OR UPDATE ON checkin_presence"
            " FOR EACH ROW EXECUTE FUNCTION checkin_stamp_presence()"
        ),
        "INSERT INTO checkin_changeclock (id, position) VALUES (1, 0)",
    ]


def begin_marking(apps, schema_editor):
    """Create the triggers of this engine."""
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in postgresql_triggers() if on_postgresql else sqlite_triggers():
        schema_editor.execute(statement, params=None)


def end_marking(apps, schema_editor):
    """Drop the triggers of this engine."""
    if schema_editor.connection.vendor == "postgresql":
        for name, *_rest in marking():
            schema_editor.execute(f"DROP FUNCTION checkin_mark_{name}() CASCADE")
        schema_editor.execute("DROP FUNCTION checkin_stamp_presence() CASCADE")
        return
    for name, *_rest in marking():
        schema_editor.execute(f"DROP TRIGGER mark_{name}")
    schema_editor.execute("DROP TRIGGER stamp_presence_made")
    schema_editor.execute("DROP TRIGGER stamp_presence_changed")


class Migration(migrations.Migration):
    dependencies = [
        ("checkin", "0005_alerts_are_written_of_once"),
        ("delegates", "0002_badges_of_the_desk"),
        ("programme", "0002_rooms_are_not_double_booked"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "count of changes for the doors",
                "verbose_name_plural": "counts of changes for the doors",
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_in", models.BigIntegerField(db_index=True)),
                ("marked_at", models.DateTimeField(db_index=True)),
                ("conference", models.BigIntegerField(null=True)),
                ("delegate", models.BigIntegerField(null=True)),
                ("session", models.BigIntegerField(null=True)),
                ("zone", models.BigIntegerField(null=True)),
                ("lookup", models.CharField(max_length=32, null=True)),
            ],
            options={
                "verbose_name": "change for the doors",
                "verbose_name_plural": "changes for the doors",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("session__isnull", True), ("zone__isnull", True)),
                        fields=("changed_in", "delegate"),
                        name="change_marks_a_person_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="presence",
            name="changed_in",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunPython(begin_marking, end_marking),
    ]
