"""Rules that let reminders go to phones of people without an e-mail address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0005_rules_know_since_when"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminderrule",
            name="by_text",
            field=models.BooleanField(
                default=False,
                help_text="Where their phone is known and they have not stopped it.",
                verbose_name="by SMS to people without an e-mail address",
            ),
        ),
    ]
