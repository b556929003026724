"""The outbox: mailings and their letters. A letter is a row here before it is a task."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models.conference import Conference
from conference.models.user import Language


class Campaign(models.Model):
    """A mailing: one text in both languages, sent to many."""

    class State(models.TextChoices):
        """How far the mailing is."""

        DRAFT = "draft", _("draft")
        SENDING = "sending", _("sending")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="campaigns")
    purpose = models.CharField(_("purpose"), max_length=40, default="invitation")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    body_zh = models.TextField(_("text in Chinese"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class MessageQuerySet(models.QuerySet["Message"]):
    """Which letters; time is an argument."""

    def due(self, now: datetime) -> Self:
        """Return queued letters whose time has come, and claimed ones whose lease has run out."""
        return self.filter(
            Q(state=Message.State.QUEUED, due_at__lte=now)
            | Q(state=Message.State.CLAIMED, lease_until__lt=now)
        )


class Message(models.Model):
    """One letter to one recipient. Its key makes it once, its lease makes one worker send it."""

    class State(models.TextChoices):
        """What has become of the letter."""

        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("being sent")
        UNCERTAIN = "uncertain", _("held for review")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        MISSED = "missed", _("missed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="messages")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    key = models.CharField(
        _("key"),
        max_length=200,
        unique=True,
        help_text=_("Names the occasion; a second letter with this key is never made."),
    )
    purpose = models.CharField(_("purpose"), max_length=40)
    to_email = models.EmailField(_("to"))
    to_name = models.CharField(_("name of the recipient"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    subject = models.CharField(_("subject"), max_length=300)
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("formatted text"), blank=True)
    reply_to = models.EmailField(_("replies go to"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    server_answer = models.TextField(_("answer of the server"), blank=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="message_by_state_and_time"),
            models.Index(fields=["conference", "-created_at"], name="message_by_conference"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_at_tells_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_until__isnull=False),
                name="message_claim_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    @property
    def message_id(self) -> str:
        """The Message-ID header: the same for every attempt to send this letter."""
        return f"<{self.uid}@{settings.MAIL_DOMAIN}>"


class OutboxMail(models.Model):
    """A message as it left, kept readable where no mail relay is set (the demo)."""

    message_id = models.CharField(_("Message-ID"), max_length=255)
    to_email = models.CharField(_("to"), max_length=320)
    subject = models.CharField(_("subject"), max_length=998)
    source = models.TextField(_("source"))
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("mail in the demo outbox")
        verbose_name_plural = _("mails in the demo outbox")
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"
