"""Reminders that were decided: each of one person, of one thing at one time, by one rule."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Message
from delegates.models import Delegate, Delegation
from sessions.models.reminder_rule import ReminderRule


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Which reminders; time is an argument."""

    def planned(self) -> Self:
        """Return those that are in no letter yet."""
        return self.filter(state=Reminder.State.PLANNED)

    def due(self, now: datetime) -> Self:
        """Return those whose time has come and which are in no letter yet."""
        return self.planned().filter(send_at__lte=now)


class Reminder(models.Model):
    """What was decided for one person; the key names rule, thing, its time, offset and person.

    ``wall_day``, ``wall_clock`` and ``zone`` are what was meant; ``due_at`` is the instant at which
    those clocks show it, ``send_at`` the one chosen with regard to quiet hours, ``reason`` why.
    """

    class State(models.TextChoices):
        """What has become of it; in a letter, the letter tells the rest."""

        PLANNED = "planned", _("planned")
        IN_LETTER = "in_letter", _("in a letter")
        MISSED = "missed", _("missed")
        CANCELLED = "cancelled", _("cancelled")
        DROPPED = "dropped", _("left out")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="reminders")
    rule = models.ForeignKey(ReminderRule, on_delete=models.CASCADE, related_name="reminders")
    key = models.CharField(_("key"), max_length=200, unique=True)
    occasion = models.CharField(_("occasion"), max_length=160, db_index=True)
    thing = models.CharField(_("reminder of"), max_length=40, db_index=True)
    thing_at = models.DateTimeField(_("time of the thing"))
    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    delegation = models.ForeignKey(
        Delegation, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    wall_day = models.DateField(_("day"))
    wall_clock = models.TimeField(_("time of day"))
    zone = models.CharField(_("time zone"), max_length=64)
    due_at = models.DateTimeField(_("due"))
    send_at = models.DateTimeField(_("to be sent"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    reason = models.CharField(_("rule"), max_length=40)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders"
    )
    attempt = models.PositiveSmallIntegerField(
        default=0, help_text=_("Grows when it is taken out of a letter that had not left.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering: ClassVar = ["send_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["send_at"], name="reminder_planned", condition=Q(state="planned")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(delegate__isnull=False, delegation=None)
                | Q(delegate=None, delegation__isnull=False),
                name="reminder_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(message=None),
                name="reminder_planned_is_in_no_letter",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def whose(self) -> str:
        """Whose reminder it is, as letters name their recipients."""
        if self.delegate_id is not None:
            return f"delegate:{self.delegate_id}"
        return f"delegation:{self.delegation_id}"
