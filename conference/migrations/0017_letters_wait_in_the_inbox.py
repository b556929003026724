"""Letters to people without an address are in their inboxes, and failed at nothing."""

from django.db import migrations, models


def put_into_inboxes(apps, schema_editor):
    """Call what was refused for want of an address what it is; its steps stay as they were."""
    message = apps.get_model("conference", "Message")
    message.objects.filter(
        state="failed",
        to_email="",
        recipient__startswith="delegate:",
        steps__kind="refused",
        steps__rule="no_address",
    ).update(state="inbox")


def take_out(apps, schema_editor):
    """Call them failed again."""
    apps.get_model("conference", "Message").objects.filter(state="inbox").update(state="failed")


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0016_deaths_are_no_tries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("claimed", "being sent"),
                    ("uncertain", "held for review"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("cancelled", "cancelled"),
                    ("missed", "missed"),
                    ("inbox", "in the inbox"),
                ],
                default="queued",
                max_length=10,
                verbose_name="state",
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
                    ("without", "sent without an attachment"),
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
                    ("inbox", "put into the inbox"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(put_into_inboxes, take_out),
    ]
