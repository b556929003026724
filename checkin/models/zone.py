"""Areas with rules, and the places where people are scanned into them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from delegates.models import BadgeClass, Delegate
from sessions.models import Session


class Zone(models.Model):
    """An area with rules of entry (CP1, section 2: Zone)."""

    class Reentry(models.TextChoices):
        """What a second entry means."""

        AFTER_EXIT = "after_exit", _("only after an exit")
        NEVER = "never", _("once a day")
        FREE = "free", _("as often as wanted")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="zones")
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    is_arrival = models.BooleanField(_("being scanned here means having arrived"), default=False)
    session = models.ForeignKey(
        Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="zones"
    )
    for_enrolled = models.BooleanField(
        _("open to those who have a seat in its session"), default=False
    )
    lead_minutes = models.PositiveSmallIntegerField(
        _("opens before its session, minutes"),
        null=True,
        blank=True,
        help_text=_("Where given, the times of entry follow the session."),
    )
    lag_minutes = models.PositiveSmallIntegerField(
        _("closes after its session, minutes"), null=True, blank=True
    )
    open_to = models.ManyToManyField(BadgeClass, blank=True, related_name="open_zones")
    provisional = models.ManyToManyField(BadgeClass, blank=True, related_name="provisional_zones")
    windows = models.JSONField(
        default=list, blank=True, help_text=_("Pairs [from, until] in ms; empty: always open.")
    )
    resets = models.JSONField(
        default=list, blank=True, help_text=_("Instants in ms at which everybody counts as gone.")
    )
    reentry = models.CharField(
        _("re-entry"), max_length=10, choices=Reentry.choices, default=Reentry.AFTER_EXIT
    )
    escort = models.BooleanField(_("escort needed for persons so marked"), default=False)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering: ClassVar = ["conference", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "name_en"], name="zone_name_unique"),
            models.UniqueConstraint(
                fields=["conference"],
                condition=models.Q(is_arrival=True),
                name="one_arrival_zone_per_conference",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en


class Gate(models.Model):
    """A place where people are scanned into one or more zones."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="gates")
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    zones = models.ManyToManyField(Zone, related_name="gates")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering: ClassVar = ["conference", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "name_en"], name="gate_name_unique")
        ]

    def __str__(self) -> str:
        return self.name_en


class ZoneGrant(models.Model):
    """A zone opened to one person, besides those open to the person's class."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="grants")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="zone_grants")

    class Meta:
        verbose_name = _("zone granted to a person")
        verbose_name_plural = _("zones granted to persons")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "delegate"], name="zone_grant_unique")
        ]

    def __str__(self) -> str:
        return f"{self.delegate} → {self.zone}"


class Block(models.Model):
    """A window of time in which a person may enter nowhere."""

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="blocks")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering: ClassVar = ["-since"]

    def __str__(self) -> str:
        return str(self.delegate)
