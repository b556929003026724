"""The timetable."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Room


class SessionQuerySet(models.QuerySet["Session"]):
    """Which sessions; time is an argument."""

    def public(self) -> Self:
        """Return those on the public programme."""
        return self.filter(published_at__isnull=False, visibility=Session.Visibility.PUBLIC)

    def for_delegates(self) -> Self:
        """Return those that delegates see: published, for everybody or for delegates."""
        return self.filter(
            published_at__isnull=False,
            visibility__in=[Session.Visibility.PUBLIC, Session.Visibility.DELEGATES],
        )

    def taking_place(self) -> Self:
        """Return those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def upcoming(self, now: datetime) -> Self:
        """Return those that have not begun."""
        return self.filter(starts_at__gt=now)


class Session(models.Model):
    """One item of the programme, with a place and a time."""

    class Kind(models.TextChoices):
        """What happens."""

        PLENARY = "plenary", _("plenary")
        CEREMONY = "ceremony", _("ceremony")
        PANEL = "panel", _("panel")
        ROUND_TABLE = "round_table", _("round table")
        SIDE_EVENT = "side_event", _("side event")
        FIELD_VISIT = "field_visit", _("field visit")
        MEAL = "meal", _("meal")
        TRANSFER = "transfer", _("transfer")
        BRIEFING = "briefing", _("briefing")

    class Visibility(models.TextChoices):
        """Who may see it once it is published."""

        PUBLIC = "public", _("everybody")
        DELEGATES = "delegates", _("delegates")
        STAFF = "staff", _("staff")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sessions")
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    room_exclusive = models.BooleanField(
        default=True,
        editable=False,
        help_text=_("Copied from the room, so that the database can refuse double booking."),
    )
    place_en = models.CharField(_("place in English"), max_length=200, blank=True)
    place_zh = models.CharField(_("place in Chinese"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    takes_enrolments = models.BooleanField(_("seats are taken in advance"), default=False)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    languages = models.CharField(_("languages"), max_length=80, blank=True)
    interpretation = models.CharField(_("interpretation"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason_en = models.CharField(_("reason in English"), max_length=200, blank=True)
    cancel_reason_zh = models.CharField(_("reason in Chinese"), max_length=200, blank=True)
    sequence = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Grows with each change of time, place or state; calendars need it."),
    )
    remind_minutes_before = models.PositiveIntegerField(
        _("reminder, minutes before the start"), null=True, blank=True
    )
    source = models.TextField(_("source"), blank=True)
    invented = models.BooleanField(
        _("made up for the demo"), default=False, help_text=_("Shown as such on its page.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["starts_at", "ends_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["conference", "starts_at"], name="session_by_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
                name="session_not_overbooked",
            ),
            models.CheckConstraint(
                condition=~Q(title_en="") | ~Q(title_zh=""), name="session_has_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_zh

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.cancelled_at is not None

    @property
    def seats_free(self) -> int | None:
        """Seats still free, or None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.seats_taken

    def takes_seats_at(self, now: datetime) -> bool:
        """Return whether a seat may be taken or given back at ``now``."""
        return (
            self.takes_enrolments
            and self.published_at is not None
            and self.cancelled_at is None
            and now < self.starts_at
        )
