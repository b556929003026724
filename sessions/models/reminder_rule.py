"""What an organiser wants people to be reminded of, when, and in which words."""

import re
from datetime import time, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference.bilingual import suffix_for
from conference.models import Conference
from sessions.models.session import Session

_HAN = re.compile(r"[\u4e00-\u9fff]")


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    """Which rules."""

    def at_work(self) -> Self:
        """Return those that are switched on, of conferences that are published."""
        return self.filter(active=True, conference__published=True)


class ReminderRule(models.Model):
    """One reminder: of what, to whom, how long before or after, and its text."""

    class About(models.TextChoices):
        """What people are reminded of; ``whom`` it goes to follows from it but for sessions."""

        ANSWER = "answer", _("the answer to an invitation")
        NOMINATION = "nomination", _("the names of a delegation")
        ACCREDITATION = "accreditation", _("people who are not submitted for accreditation")
        SESSION = "session", _("a session")
        ARRIVAL = "arrival", _("a delegate's own arrival")

    class Whom(models.TextChoices):
        """Who is reminded of a session."""

        SEATED = "seated", _("those with a seat")
        SPEAKERS = "speakers", _("its speakers")

    class Timing(models.TextChoices):
        """How the time of the reminder is counted, always on the clocks of the venue."""

        OWN = "own", _("as each session says")
        SPAN = "span", _("so long before or after")
        CLOCK = "clock", _("at a time of day, so many days before or after")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="reminder_rules"
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    about = models.CharField(_("reminder of"), max_length=14, choices=About.choices)
    whom = models.CharField(
        _("who is reminded"), max_length=10, choices=Whom.choices, default=Whom.SEATED
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name=_("only this session"),
    )
    until_day = models.DateField(_("accreditation closes"), null=True, blank=True)
    timing = models.CharField(_("time"), max_length=5, choices=Timing.choices, default=Timing.SPAN)
    is_after = models.BooleanField(_("after it, not before"), default=False)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    clock = models.TimeField(_("time of day"), null=True, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    body_zh = models.TextField(_("text in Chinese"), blank=True)
    optional = models.BooleanField(
        _("people can do without it"),
        default=False,
        help_text=_("It can be unsubscribed from, and is dropped rather than sent at night."),
    )
    by_text = models.BooleanField(
        _("by SMS to people without an e-mail address"),
        default=False,
        help_text=_("Where their phone is known and they have not stopped it."),
    )
    active = models.BooleanField(_("switched on"), default=False)
    active_since = models.DateTimeField(
        _("switched on since"),
        null=True,
        blank=True,
        help_text=_("What was due before is none of its business; empty for always."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering: ClassVar = ["conference", "about", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(timing="clock") | Q(clock__isnull=False),
                name="reminder_rule_has_its_clock",
            ),
            models.CheckConstraint(
                condition=~Q(timing="own") | Q(about="session", is_after=False),
                name="reminder_rule_own_time_is_a_sessions",
            ),
            models.CheckConstraint(
                condition=~Q(about="accreditation") | Q(until_day__isnull=False),
                name="reminder_rule_accreditation_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(session=None) | Q(about="session"),
                name="reminder_rule_only_sessions_have_one",
            ),
            models.CheckConstraint(
                condition=(~Q(subject_en="") & ~Q(body_en=""))
                | (~Q(subject_zh="") & ~Q(body_zh="")),
                name="reminder_rule_is_written",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name; of one written in both languages (English · Chinese) the reader's half."""
        english, _dot, chinese = self.name.partition(" · ")
        if not _HAN.search(chinese) or _HAN.search(english):
            return self.name
        return chinese if suffix_for(get_language()) == "zh" else english

    @property
    def is_of_deadline(self) -> bool:
        """Whether it reminds of a day by which something is due."""
        return self.about in (self.About.ANSWER, self.About.NOMINATION, self.About.ACCREDITATION)


class ReminderHabits(models.Model):
    """When a conference does not write to people, and what it puts into one letter.

    Its row is also the lock under which one sweep at a time makes the conference's letters.
    """

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="reminder_habits"
    )
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    together_minutes = models.PositiveSmallIntegerField(_("one letter for"), default=60)

    class Meta:
        verbose_name = _("habits of reminding")
        verbose_name_plural = _("habits of reminding")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(together_minutes__lte=24 * 60), name="reminders_together_within_a_day"
            )
        ]

    def __str__(self) -> str:
        return str(self.conference)

    @property
    def has_quiet_hours(self) -> bool:
        """Whether there are any; equal times mean none."""
        return self.quiet_from != self.quiet_until

    @property
    def together(self) -> timedelta:
        """What falls due within so long of each other goes as one letter."""
        return timedelta(minutes=self.together_minutes)
