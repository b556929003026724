"""Phones may say that nobody works with them any more: a gate is then not silent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkin", "0013_presence_is_marked_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="on_shift",
            field=models.BooleanField(blank=True, null=True, verbose_name="on shift"),
        ),
    ]
