"""Editions, their hosts and the facts told about them."""

import zoneinfo
from datetime import date, datetime
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models.series import Series

#: The years that forms take for the days of a conference.
FIRST_YEAR, LAST_YEAR = 1950, 2150


def validate_timezone(value: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Use a name such as Asia/Shanghai."),
            params={"zone": value},
        )


def validate_day(value: date) -> None:
    """Refuse a day that no conference is on: deadlines and links are counted from it."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Give a day between %(first)s and %(last)s."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class ConferenceQuerySet(models.QuerySet["Conference"]):
    """Which conferences."""

    def published(self) -> Self:
        """Return those that everybody may see."""
        return self.filter(published=True)

    def for_user(self, user: object) -> Self:
        """Return those in which this user has a role."""
        return self.filter(memberships__user=user).distinct()


class Conference(models.Model):
    """One edition of a series. Its id is the conference number in every badge code."""

    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, related_name="conferences", verbose_name=_("series")
    )
    number = models.PositiveSmallIntegerField(
        _("edition"), null=True, blank=True, help_text=_("Empty for a rehearsal.")
    )
    slug = models.SlugField(_("address"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    theme_en = models.CharField(_("theme in English"), max_length=200, blank=True)
    theme_zh = models.CharField(_("theme in Chinese"), max_length=200, blank=True)
    city_en = models.CharField(_("city in English"), max_length=120, blank=True)
    city_zh = models.CharField(_("city in Chinese"), max_length=120, blank=True)
    welcome_en = models.TextField(_("welcome in English"), blank=True)
    welcome_zh = models.TextField(_("welcome in Chinese"), blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_timezone]
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    published = models.BooleanField(_("published"), default=False)
    show_map = models.BooleanField(_("show the map of sister pairs"), default=True)
    sender_name_en = models.CharField(
        _("name of the sender of mail, in English"), max_length=120, blank=True
    )
    sender_name_zh = models.CharField(
        _("name of the sender of mail, in Chinese"), max_length=120, blank=True
    )
    reply_to = models.EmailField(_("replies to mail go to"), blank=True)
    rehearsal_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rehearsals",
        verbose_name=_("rehearsal of"),
    )

    objects: ClassVar = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering: ClassVar = ["-first_day", "slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="edition_number_unique"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="conference_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="conference_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of the venue."""
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a copy made to train staff."""
        return self.rehearsal_of_id is not None

    def today(self, now: datetime) -> date:
        """Return the calendar day at the venue at the instant ``now``."""
        return now.astimezone(self.zone).date()

    def is_over(self, now: datetime) -> bool:
        """Return whether the last day at the venue has passed at ``now``."""
        return self.today(now) > self.last_day


class Host(models.Model):
    """A body in whose name the conference is held."""

    class Role(models.TextChoices):
        """What the body does for the conference."""

        HOST = "host", _("host")
        CO_HOST = "co_host", _("co-host")
        ORGANISER = "organiser", _("organiser")
        SUPPORTER = "supporter", _("supporter")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="hosts")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.HOST)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.TextField(_("source"), blank=True)
    uncertain = models.BooleanField(_("not certain"), default=False)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering: ClassVar = ["conference", "order", "id"]

    def __str__(self) -> str:
        return self.name_en or self.name_zh


class Fact(models.Model):
    """Something told about the conference, with its source; uncertain ones stay marked."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="facts")
    key = models.SlugField(_("key"))
    text_en = models.TextField(_("text in English"), blank=True)
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    source = models.TextField(_("source"), blank=True)
    uncertain = models.BooleanField(_("not certain"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering: ClassVar = ["conference", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "key"], name="fact_key_unique")
        ]

    def __str__(self) -> str:
        return self.text_en or self.text_zh
