"""Letters that ask for an answer say until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0019_texts_wait_for_the_morning"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="answer_by",
            field=models.DateTimeField(
                blank=True,
                help_text="For letters that ask for an answer: it must lie after their sending.",
                null=True,
                verbose_name="answer due by",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="audience",
            field=models.CharField(
                blank=True, help_text="Whom it is for.", max_length=20, verbose_name="audience"
            ),
        ),
    ]
