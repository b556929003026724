"""What somebody on duty must hear of at once, and the nightly proof that nothing is amiss."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checkin.models.device import Device
from checkin.models.zone import Gate, Zone
from conference.models import Conference
from delegates.models import Delegate


class Alert(models.Model):
    """One thing that happened at the doors, raised once: ``key`` names the occasion.

    Conflicts have rows of their own; an alert may be about one. ``params`` holds figures for the
    sentence, such as how many codes in how many minutes. ``mailed_at`` is set by whoever takes it
    for a letter, once.
    """

    class Kind(models.TextChoices):
        """What happened (CP1, 2.7)."""

        VIP_ARRIVAL = "vip_arrival", _("VIP has arrived")
        BLOCKED_PERSON = "blocked_person", _("blocked person at a door")
        CONFLICT = "conflict", _("scans that do not fit together")
        UNKNOWN_CODES = "unknown_codes", _("many unknown codes")
        OVERRIDE_RATE = "override_rate", _("many overrides")
        OVERRIDE_WITHOUT_CAPABILITY = (
            "override_without_capability",
            _("override by a phone that may not"),
        )
        SILENT_GATE = "silent_gate", _("silent gate")
        SEQ_GAP = "seq_gap", _("missing scans of a phone")
        ZONE_FULL = "zone_full", _("area above its capacity")
        QUARANTINE = "quarantine", _("scans of a revoked phone")
        RECOUNT = "recount", _("recount found a difference")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    key = models.CharField(max_length=120)
    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    gate = models.ForeignKey(
        Gate, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    zone = models.ForeignKey(
        Zone, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    params = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField(_("happened"))
    raised_at = models.DateTimeField(_("raised"))
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("written of"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering: ClassVar = ["-raised_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["conference", "-raised_at"],
                condition=Q(seen_at__isnull=True),
                name="alert_unseen",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "key"], name="alert_raised_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"


class Recount(models.Model):
    """One run over all scans of a conference, which must find presence as it stands.

    ``differences`` lists what did not agree: person, zone, what stood and what should have.
    ``night`` is the local day whose night it belongs to; none for those asked for by hand.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="recounts")
    night = models.DateField(_("night"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    persons = models.PositiveIntegerField(_("persons"))
    scans = models.PositiveIntegerField(_("scans"))
    difference_count = models.PositiveIntegerField(_("differences"))
    differences = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("recount")
        verbose_name_plural = _("recounts")
        ordering: ClassVar = ["conference", "-started_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")), name="recount_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["conference", "night"],
                condition=Q(night__isnull=False),
                name="one_recount_a_night",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference} {self.started_at:%Y-%m-%d}"
