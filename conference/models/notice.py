"""A word about a letter on its second way to a person: a row before it is sent, and sent once."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models.message import Message
from conference.models.message_step import Channel


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices; time is an argument."""

    def due(self, now: datetime) -> Self:
        """Return those to send now: queued ones whose time has come, and abandoned ones."""
        return self.filter(
            Q(state=Notice.State.QUEUED, due_at__lte=now)
            | Q(state=Notice.State.CLAIMED, lease_until__lt=now)
        )


class Notice(models.Model):
    """One notice of one letter to one place. Its ``uid`` lets the other side tell a repeat."""

    class State(models.TextChoices):
        """What has become of it."""

        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Receipt(models.TextChoices):
        """What the service that took it reported later."""

        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    target = models.CharField(
        _("to"), max_length=80, help_text=_("A phone number, or which browser.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    waited_until = models.DateTimeField(
        _("waited until"),
        null=True,
        blank=True,
        help_text=_("The end of the recipient's quiet hours, where it fell into them."),
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    abandoned = models.PositiveSmallIntegerField(
        _("attempts without a word"),
        default=0,
        help_text=_("Those of the attempts whose worker vanished, or ran out of time."),
    )
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    reference = models.CharField(_("number at the service"), max_length=120, blank=True, default="")
    receipt = models.CharField(
        _("receipt"), max_length=10, choices=Receipt.choices, blank=True, default=""
    )

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="notice_by_state_and_time"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "channel", "target"], name="notice_once_to_each_place"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notice_sent_at_tells_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_until__isnull=False),
                name="notice_claim_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.channel}"

    @property
    def tries(self) -> int:
        """How many attempts count: a worker that vanished says nothing of the notice."""
        return self.attempts - self.abandoned
