"""A way to a person beside mail: notices, and steps that name their channel.

On SQLite the new column makes the table of steps anew, without its trigger; so it is put back, and
guards the new column too.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

_FIXED = "message_id, at, kind, channel, answer, rule, worker"

SQLITE_DROP = "DROP TRIGGER IF EXISTS message_step_no_update"
SQLITE_CREATE = """
    CREATE TRIGGER message_step_no_update BEFORE UPDATE OF {fixed} ON conference_messagestep
    BEGIN SELECT RAISE(ABORT, 'steps of messages are never changed'); END
"""
POSTGRESQL_DROP = "DROP TRIGGER IF EXISTS message_step_no_update ON conference_messagestep"
POSTGRESQL_CREATE = """
    CREATE TRIGGER message_step_no_update BEFORE UPDATE OF {fixed} ON conference_messagestep
    FOR EACH ROW EXECUTE FUNCTION refuse_step_change()
"""


def _is_postgresql(schema_editor):
    return schema_editor.connection.vendor == "postgresql"


def drop(apps, schema_editor):
    """Let the table be changed."""
    schema_editor.execute(POSTGRESQL_DROP if _is_postgresql(schema_editor) else SQLITE_DROP)


def guard(apps, schema_editor):
    """Refuse changes of steps, the channel included."""
    create = POSTGRESQL_CREATE if _is_postgresql(schema_editor) else SQLITE_CREATE
    schema_editor.execute(create.format(fixed=_FIXED))


def guard_as_before(apps, schema_editor):
    """Refuse changes of steps as before there were channels."""
    create = POSTGRESQL_CREATE if _is_postgresql(schema_editor) else SQLITE_CREATE
    schema_editor.execute(create.format(fixed=_FIXED.replace(" channel,", "")))


class Migration(migrations.Migration):
    dependencies = [("conference", "0008_what_was_read_of_bounces")]

    operations = [
        migrations.RunPython(drop, guard_as_before),
        migrations.AddField(
            model_name="messagestep",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("push", "push notice"), ("sms", "SMS"), ("wechat", "WeChat")],
                default="",
                max_length=10,
                verbose_name="channel",
            ),
        ),
        migrations.AlterField(
            model_name="messagestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("claimed", "taken by a worker"),
                    ("handed_over", "being handed to the mail server"),
                    ("accepted", "taken by the mail server"),
                    ("retry_later", "to be tried again later"),
                    ("refused", "refused"),
                    ("uncertain", "no answer: nobody knows whether it was taken"),
                    ("resent", "sent once more with the same Message-ID"),
                    ("held", "held for a person"),
                    ("released", "put back unsent"),
                    ("cancelled", "cancelled"),
                    ("missed", "too late, not sent"),
                    ("suppressed", "not sent: the address is blocked"),
                    ("delivered", "delivered"),
                    ("bounced", "came back"),
                    ("complained", "reported as unwanted"),
                    ("opened", "its link was opened"),
                    ("answered", "answered"),
                    ("retried", "queued again by a person"),
                    ("settled", "settled by a person: it arrived"),
                    ("passed_on", "taken by the service"),
                    ("changed", "changed"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("push", "push notice"), ("sms", "SMS"), ("wechat", "WeChat")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        help_text="A phone number, or which browser.",
                        max_length=80,
                        verbose_name="to",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("claimed", "being sent"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "lease_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="claimed until"),
                ),
                (
                    "claimed_by",
                    models.CharField(blank=True, max_length=120, verbose_name="claimed by"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="conference.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="notice_by_state_and_time")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "channel", "target"), name="notice_once_to_each_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_sent_at_tells_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "claimed"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_claim_has_a_lease",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, drop),
    ]
