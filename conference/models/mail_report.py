"""What mailboxes and providers reported of a letter: each report once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models.message import Message


class MailReport(models.Model):
    """One report of one letter, as it was read. Its event makes it count once."""

    class Kind(models.TextChoices):
        """What the report says."""

        DELIVERED = "delivered", _("delivered")
        DELAYED = "delayed", _("delayed")
        BOUNCED = "bounced", _("came back: the address does not work")
        REJECTED = "rejected", _("came back: the letter was not wanted")
        SOFT = "soft", _("came back: it could not be delivered then")
        ELSEWHERE = "elsewhere", _("came back from another address")
        UNCLEAR = "unclear", _("came back, nobody knows why")
        COMPLAINED = "complained", _("reported as unwanted")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="reports", verbose_name=_("message")
    )
    event = models.CharField(
        _("event"), max_length=200, help_text=_("Names the report; the same one counts once.")
    )
    source = models.CharField(_("source"), max_length=40)
    kind = models.CharField(pgettext_lazy("thing", "kind"), max_length=12, choices=Kind.choices)
    address = models.CharField(_("e-mail address"), max_length=320, blank=True)
    status = models.CharField(_("status code"), max_length=20, blank=True)
    words = models.TextField(_("answer of the server"), blank=True)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("report on a message")
        verbose_name_plural = _("reports on messages")
        ordering: ClassVar = ["-received_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "event"], name="mail_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.kind}"
