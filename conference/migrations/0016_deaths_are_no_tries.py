"""Attempts that ended with their worker are counted apart: they are no tries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0015_senders_keep_their_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="abandoned",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Those of the attempts whose worker vanished, or ran out of time.",
                verbose_name="attempts without a word",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="abandoned",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Those of the attempts whose worker vanished, or ran out of time.",
                verbose_name="attempts without a word",
            ),
        ),
    ]
