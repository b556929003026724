"""Phones to which delegates allow texts, and the codes by which they show that they are theirs."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delegates", "0008_browsers_with_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("push", "push notice"), ("sms", "SMS"), ("wechat", "WeChat")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "address",
                    models.CharField(max_length=80, verbose_name="phone number or WeChat id"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("zh-hans", "简体中文")],
                        default="en",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("with_news", models.BooleanField(default=False, verbose_name="also mailings")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped")),
                (
                    "stopped_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("page", "by the delegate"),
                            ("link", "by the link in a text"),
                            ("service", "reported by the service"),
                            ("other", "by another address"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="stopped how",
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_addresses",
                        to="delegates.delegate",
                    ),
                ),
            ],
            options={
                "verbose_name": "address for texts",
                "verbose_name_plural": "addresses for texts",
                "ordering": ["delegate", "channel", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("delegate", "channel"),
                        name="one_address_for_texts_by_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False),
                            ("stopped_at__isnull", False),
                            _connector="OR",
                        ),
                        name="text_address_is_confirmed_or_stopped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at", None), ("stopped_by", "")),
                            models.Q(
                                ("stopped_at__isnull", False),
                                models.Q(("stopped_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="text_address_says_how_it_was_stopped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TextCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[("push", "push notice"), ("sms", "SMS"), ("wechat", "WeChat")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        db_index=True, max_length=80, verbose_name="phone number or WeChat id"
                    ),
                ),
                ("code_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                (
                    "is_unsent",
                    models.BooleanField(default=False, verbose_name="the service did not take it"),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_codes",
                        to="delegates.delegate",
                    ),
                ),
            ],
            options={
                "verbose_name": "code for a phone",
                "verbose_name_plural": "codes for phones",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)),
                        name="text_code_is_tried_five_times_at_most",
                    )
                ],
            },
        ),
    ]
