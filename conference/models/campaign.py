"""Mailings: one text in both languages to everybody of an audience, each in theirs."""

from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.local_time import first_instant
from conference.models.conference import Conference


class OnDoubt(models.TextChoices):
    """What happens to a letter of which nobody knows whether the mail server took it."""

    RESEND = "resend", _("send it again with the same Message-ID")
    HOLD = "hold", _("hold it until a person has decided")


class IfLacking(models.TextChoices):
    """What happens to a recipient for whom a chosen attachment cannot be made: there is none."""

    WITHOUT = "without", _("send the letter without it")
    LEAVE_OUT = "leave_out", _("leave this person out")


class Campaign(models.Model):
    """A mailing: one text in both languages, sent to many."""

    class State(models.TextChoices):
        """How far the mailing is."""

        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", pgettext_lazy("mailing", "paused")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="campaigns")
    purpose = models.CharField(_("purpose"), max_length=40, default="invitation")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    body_zh = models.TextField(_("text in Chinese"), blank=True)
    audience = models.CharField(
        _("audience"),
        max_length=20,
        blank=True,
        help_text=_("Whom it is for."),
    )
    narrowed = models.JSONField(
        _("narrowed to"),
        default=dict,
        blank=True,
        help_text=_("Of the audience, those for whom all of this holds."),
    )
    answer_by = models.DateTimeField(
        _("answer due by"),
        null=True,
        blank=True,
        help_text=_("For letters that ask for an answer: it must lie after their sending."),
    )
    optional = models.BooleanField(
        _("can be unsubscribed from"),
        default=False,
        help_text=_("Invitations, credentials and safety notices cannot."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    send_date = models.DateField(_("to leave on"), null=True, blank=True)
    send_time = models.TimeField(_("to leave at"), null=True, blank=True)
    send_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    expanded_to = models.BigIntegerField(
        _("letters made up to"), default=0, help_text=_("The number of the last recipient.")
    )
    expanded_at = models.DateTimeField(_("all letters made"), null=True, blank=True)
    on_doubt = models.CharField(
        _("in doubt whether a letter has left"),
        max_length=6,
        choices=OnDoubt.choices,
        default=OnDoubt.RESEND,
    )
    if_lacking = models.CharField(
        _("if a recipient has none of an attachment"),
        max_length=10,
        choices=IfLacking.choices,
        default=IfLacking.WITHOUT,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="scheduled")
                | Q(send_date__isnull=False, send_time__isnull=False) & ~Q(send_zone=""),
                name="scheduled_campaign_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def due_at(self) -> datetime | None:
        """When it is to leave, in UTC, by the clocks of its zone as they are known now.

        A time that the clocks skip becomes the first one after the gap; of a time that they show
        twice the first is meant.
        """
        if self.send_date is None or self.send_time is None or not self.send_zone:
            return None
        wall = datetime.combine(self.send_date, self.send_time)
        return first_instant(wall, ZoneInfo(self.send_zone)).astimezone(UTC)


#: The states of a mailing whose letters stay where they are.
HOLDING_BACK = (Campaign.State.SCHEDULED, Campaign.State.PAUSED)
