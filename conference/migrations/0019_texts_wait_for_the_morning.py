"""Texts of mailings wait for the end of quiet hours."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0018_only_letters_without_address_wait"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="waited_until",
            field=models.DateTimeField(
                blank=True,
                help_text="The end of the recipient's quiet hours, where it fell into them.",
                null=True,
                verbose_name="waited until",
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
                    ("waits", "waits"),
                    ("inbox", "put into the inbox"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
