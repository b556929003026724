"""Steps refuse UPDATE, and letters of old learn their domain.

A step goes with its letter when a conference is erased, so DELETE stays possible; forgetting a
person empties ``actor_id``, so that column alone may change.
"""

from django.db import migrations

_FIXED = "message_id, at, kind, answer, rule, worker"

SQLITE_FORWARD = (
    f"""
    CREATE TRIGGER message_step_no_update BEFORE UPDATE OF {_FIXED} ON conference_messagestep
    BEGIN SELECT RAISE(ABORT, 'steps of messages are never changed'); END
    """,
)
SQLITE_BACKWARD = ("DROP TRIGGER message_step_no_update",)

POSTGRESQL_FORWARD = (
    """
    CREATE FUNCTION refuse_step_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'steps of messages are never changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE TRIGGER message_step_no_update BEFORE UPDATE OF {_FIXED} ON conference_messagestep
    FOR EACH ROW EXECUTE FUNCTION refuse_step_change()
    """,
)
POSTGRESQL_BACKWARD = (
    "DROP TRIGGER message_step_no_update ON conference_messagestep",
    "DROP FUNCTION refuse_step_change()",
)


def _run(schema_editor, sqlite, postgresql):
    statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in statements:
        schema_editor.execute(statement)


def make_append_only(apps, schema_editor):
    """Create the triggers of this engine."""
    _run(schema_editor, SQLITE_FORWARD, POSTGRESQL_FORWARD)


def make_editable(apps, schema_editor):
    """Drop the triggers of this engine."""
    _run(schema_editor, SQLITE_BACKWARD, POSTGRESQL_BACKWARD)


def fill_domains(apps, schema_editor):
    """Note the domain of every address."""
    messages = apps.get_model("conference", "Message").objects.filter(domain="")
    for message in messages.only("pk", "to_email").iterator(chunk_size=1000):
        message.domain = message.to_email.rpartition("@")[2].lower()
        message.save(update_fields=["domain"])


class Migration(migrations.Migration):
    dependencies = [("conference", "0004_letters_tell_their_steps")]

    operations = [
        migrations.RunPython(make_append_only, make_editable),
        migrations.RunPython(fill_domains, migrations.RunPython.noop),
    ]
