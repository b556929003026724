"""What a service for texts reports of a notice that it took."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0011_mailings_have_attachments"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="receipt",
            field=models.CharField(
                blank=True,
                choices=[("delivered", "delivered"), ("failed", "failed")],
                default="",
                max_length=10,
                verbose_name="receipt",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="reference",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="number at the service"
            ),
        ),
    ]
