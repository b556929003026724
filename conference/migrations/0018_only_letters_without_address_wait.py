"""A letter that is in an inbox alone has no address, whoever writes the row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0017_letters_wait_in_the_inbox"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "inbox"), _negated=True), ("to_email", ""), _connector="OR"
                ),
                name="message_only_in_the_inbox_without_address",
            ),
        ),
    ]
