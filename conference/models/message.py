"""The outbox. A letter is a row here before it is a task."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models.campaign import HOLDING_BACK, Campaign, OnDoubt
from conference.models.conference import Conference
from conference.models.user import Language


class MessageQuerySet(models.QuerySet["Message"]):
    """Which letters; time is an argument."""

    def due(self, now: datetime) -> Self:
        """Return letters to send now: queued ones whose time has come, and abandoned ones.

        Letters of a mailing that is held back are left out, and so are those in doubt that a
        person has to look at.
        """
        held_back = Campaign.objects.filter(state__in=HOLDING_BACK).values("pk")
        return self.filter(
            Q(state=Message.State.QUEUED, due_at__lte=now)
            | Q(state=Message.State.CLAIMED, lease_until__lt=now)
            & (Q(handed_over_at=None) | Q(on_doubt=OnDoubt.RESEND))
        ).exclude(campaign__in=held_back)

    def to_hold(self, now: datetime) -> Self:
        """Return letters whose worker vanished in the middle and which a person must look at."""
        return self.filter(
            state=Message.State.CLAIMED,
            lease_until__lt=now,
            handed_over_at__isnull=False,
            on_doubt=OnDoubt.HOLD,
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
        INBOX = "inbox", _("in the inbox")

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
    recipient = models.CharField(
        _("whose letter"),
        max_length=80,
        blank=True,
        db_index=True,
        help_text=_("Whom it is for, such as delegate:12, delegation:5 or user:3."),
    )
    to_email = models.EmailField(_("to"))
    domain = models.CharField(_("domain"), max_length=255, blank=True, editable=False)
    to_name = models.CharField(_("name of the recipient"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    subject = models.CharField(_("subject"), max_length=300)
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("formatted text"), blank=True)
    optional = models.BooleanField(
        _("can be unsubscribed from"),
        default=False,
        help_text=_("Invitations, credentials and safety notices cannot."),
    )
    on_doubt = models.CharField(
        _("in doubt whether it has left"),
        max_length=6,
        choices=OnDoubt.choices,
        default=OnDoubt.RESEND,
    )
    reply_to = models.EmailField(_("replies go to"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    abandoned = models.PositiveSmallIntegerField(
        _("attempts without a word"),
        default=0,
        help_text=_("Those of the attempts whose worker vanished, or ran out of time."),
    )
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=120, blank=True)
    handed_over_at = models.DateTimeField(
        _("begun to be handed over"),
        null=True,
        blank=True,
        help_text=_("Set just before the text goes over the line, emptied by a clear answer."),
    )
    is_doubtful = models.BooleanField(
        _("may have arrived already"),
        default=False,
        help_text=_("An attempt ended without an answer, so one more is a repeat."),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    server_answer = models.TextField(_("answer of the server"), blank=True)

    #: Whether its recipient, who has no address, was told of it by SMS or WeChat, where the letters
    #: were asked for with their fates.
    was_texted = False
    #: Whether it is known not to have arrived, where the letters were asked for with their fates.
    has_come_back = False

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="message_by_state_and_time"),
            models.Index(fields=["conference", "-created_at"], name="message_by_conference"),
            # Who is sending to a domain now: a few rows among all letters ever sent.
            models.Index(
                fields=["domain", "lease_until"],
                name="message_claimed_by_domain",
                condition=Q(state="claimed"),
            ),
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
            models.CheckConstraint(
                condition=~Q(state="inbox") | Q(to_email=""),
                name="message_only_in_the_inbox_without_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    @property
    def tries(self) -> int:
        """How many attempts count: a worker that vanished says nothing of the letter."""
        return self.attempts - self.abandoned

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
