"""Buildings and rooms."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference


class Venue(models.Model):
    """A building in which the conference happens."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="venues")
    name_en = models.CharField(_("name in English"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    address_en = models.CharField(_("address in English"), max_length=300, blank=True)
    address_zh = models.CharField(_("address in Chinese"), max_length=300, blank=True)
    source = models.TextField(_("source"), blank=True)
    uncertain = models.BooleanField(_("not certain"), default=False)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering: ClassVar = ["conference", "name_en"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "name_en"], name="venue_name_unique")
        ]

    def __str__(self) -> str:
        return self.name_en


class Room(models.Model):
    """A room of a venue."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    allows_overlap = models.BooleanField(
        _("may hold several sessions at once"),
        default=False,
        help_text=_("For foyers and open spaces, never for a closed room."),
    )

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering: ClassVar = ["venue", "name_en"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "name_en"], name="room_name_unique")
        ]

    def __str__(self) -> str:
        return self.name_en
