"""Speakers and their parts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference
from delegates.models import Delegate
from sessions.models.session import Session


class Speaker(models.Model):
    """A person on the programme; may also be a delegate."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="speakers")
    delegate = models.ForeignKey(
        Delegate, on_delete=models.SET_NULL, null=True, blank=True, related_name="speakers"
    )
    name_en = models.CharField(
        pgettext_lazy("person", "name in English"), max_length=200, blank=True
    )
    name_zh = models.CharField(
        pgettext_lazy("person", "name in Chinese"), max_length=100, blank=True
    )
    title_en = models.CharField(
        pgettext_lazy("person", "title in English"), max_length=300, blank=True
    )
    title_zh = models.CharField(
        pgettext_lazy("person", "title in Chinese"), max_length=300, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)
    uncertain = models.BooleanField(_("not certain"), default=False)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering: ClassVar = ["conference", "order", "name_en"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="speaker_has_a_name"
            ),
            models.UniqueConstraint(
                fields=["conference", "delegate"],
                condition=Q(delegate__isnull=False),
                name="speaker_once_per_delegate",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh


class Appearance(models.Model):
    """A person's part in a session."""

    class Part(models.TextChoices):
        """What the person does."""

        CHAIR = "chair", _("chair")
        MODERATOR = "moderator", _("moderator")
        KEYNOTE = "keynote", _("keynote")
        SPEAKER = "speaker", _("speaker")
        PANELLIST = "panellist", _("panellist")
        RAPPORTEUR = "rapporteur", _("rapporteur")
        SIGNATORY = "signatory", _("signatory")
        READER = "reader", _("reads a letter")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="appearances")
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="appearances")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices, default=Part.SPEAKER)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    added_at = models.DateTimeField(_("since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering: ClassVar = ["session", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "speaker", "part"], name="appearance_unique")
        ]

    def __str__(self) -> str:
        return f"{self.speaker} · {self.get_part_display()}"
