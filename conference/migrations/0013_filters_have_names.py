"""Filters of audiences that are kept under a name."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0012_texts_have_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("audience", models.CharField(max_length=20, verbose_name="audience")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("narrowed", models.JSONField(default=dict, verbose_name="narrowed to")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to="conference.conference",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["audience", django.db.models.functions.text.Lower("name"), "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("conference"),
                        models.F("audience"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_filter_name_is_taken_once",
                    )
                ],
            },
        ),
    ]
