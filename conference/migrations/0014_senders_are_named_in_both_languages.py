"""The name of the sender of mail is held in both languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0013_filters_have_names"),
    ]

    operations = [
        migrations.RenameField("conference", "sender_name", "sender_name_en"),
        migrations.AlterField(
            model_name="conference",
            name="sender_name_en",
            field=models.CharField(
                blank=True, max_length=120, verbose_name="name of the sender of mail, in English"
            ),
        ),
        migrations.AddField(
            model_name="conference",
            name="sender_name_zh",
            field=models.CharField(
                blank=True, max_length=120, verbose_name="name of the sender of mail, in Chinese"
            ),
        ),
    ]
