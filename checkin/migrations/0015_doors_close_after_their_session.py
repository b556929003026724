"""How long after its session a door closes; those there are close with it, as before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkin", "0014_phones_end_their_shift"),
    ]

    operations = [
        migrations.AddField(
            model_name="zone",
            name="lag_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="closes after its session, minutes"
            ),
        ),
    ]
