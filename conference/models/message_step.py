"""What happened to a letter, step by step: written once, read when somebody asks why."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models.message import Message


class Channel(models.TextChoices):
    """The ways to a person beside mail."""

    PUSH = "push", _("push notice")
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")


class MessageStep(models.Model):
    """One thing that happened to a letter. The database refuses to change it afterwards."""

    class Kind(models.TextChoices):
        """What happened."""

        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("taken by a worker")
        HANDED_OVER = "handed_over", _("being handed to the mail server")
        ACCEPTED = "accepted", _("taken by the mail server")
        WITHOUT = "without", _("sent without an attachment")
        RETRY_LATER = "retry_later", _("to be tried again later")
        REFUSED = "refused", pgettext_lazy("letter", "refused")
        UNCERTAIN = "uncertain", _("no answer: nobody knows whether it was taken")
        RESENT = "resent", _("sent once more with the same Message-ID")
        HELD = "held", _("held for a person")
        RELEASED = "released", _("put back unsent")
        CANCELLED = "cancelled", _("cancelled")
        MISSED = "missed", _("too late, not sent")
        SUPPRESSED = "suppressed", _("not sent: the address is blocked")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("came back")
        COMPLAINED = "complained", _("reported as unwanted")
        OPENED = "opened", _("its link was opened")
        ANSWERED = "answered", _("answered")
        RETRIED = "retried", _("queued again by a person")
        SETTLED = "settled", _("settled by a person: it arrived")
        PASSED_ON = "passed_on", _("taken by the service")
        CHANGED = "changed", pgettext_lazy("letter", "changed")
        WAITS = "waits", _("waits")
        INBOX = "inbox", _("put into the inbox")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(pgettext_lazy("thing", "kind"), max_length=12, choices=Kind.choices)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, blank=True, default=""
    )
    answer = models.TextField(_("answer of the server"), blank=True)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a message")
        verbose_name_plural = _("steps of messages")
        ordering: ClassVar = ["message", "id"]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.kind}"

    @property
    def is_of_this_side(self) -> bool:
        """Whether its words are ours (what a reminder is of) and not those of a server."""
        return self.kind in (self.Kind.QUEUED, self.Kind.MISSED)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new step; one that is stored stays as it is."""
        if not self._state.adding:
            raise TypeError("A step is never changed.")
        super().save(*args, **kwargs)
