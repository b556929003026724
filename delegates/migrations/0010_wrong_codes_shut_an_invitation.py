"""An invitation on which too many wrong codes were typed takes none any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delegates", "0009_phones_that_get_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="codes_stopped_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Too many wrong codes were typed; links of before take none since.",
                null=True,
                verbose_name="shut to codes since",
            ),
        ),
        migrations.AlterField(
            model_name="invitationstep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sent", "Letter sent"),
                    ("delivered", "Letter delivered"),
                    ("bounced", "Letter came back"),
                    ("opened", "Opened by the link"),
                    ("accepted", "Accepted"),
                    ("tentative", "May come"),
                    ("declined", "Declined"),
                    ("expired", "Deadline passed without an answer"),
                    ("deadline", "New deadline"),
                    ("reopened", "Opened again for an answer"),
                    ("locked", "Locked to the addressee"),
                    ("shut", "Shut: too many wrong codes"),
                    ("unlocked", "Open to whoever has the link"),
                    ("handed_over", "Handed to a deputy"),
                    ("taken_back", "Taken back from the deputy"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
