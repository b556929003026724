"""The audit refuses UPDATE and DELETE: whoever can write SQL still cannot rewrite history."""

from django.db import migrations

SQLITE_FORWARD = (
    """
    CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON conference_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END
    """,
    """
    CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON conference_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END
    """,
)
SQLITE_BACKWARD = ("DROP TRIGGER audit_entry_no_delete", "DROP TRIGGER audit_entry_no_update")

POSTGRESQL_FORWARD = (
    """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit entries are never changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON conference_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
    """,
)
POSTGRESQL_BACKWARD = (
    "DROP TRIGGER audit_entry_append_only ON conference_auditentry",
    "DROP FUNCTION refuse_audit_change()",
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


class Migration(migrations.Migration):
    dependencies = [("conference", "0001_initial")]

    operations = [migrations.RunPython(make_append_only, make_editable)]
