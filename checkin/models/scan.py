"""Immutable facts from the doors, and what does not fit together in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checkin.models.device import Device
from checkin.models.zone import Gate, Zone
from conference.models import Conference
from delegates.models import Badge, Delegate


class Scan(models.Model):
    """One scan (CP1, section 3). Never deleted; only ``decided`` and ``shown`` are set, once.

    Instants are ms since the Unix epoch, UTC, as the phone sent them. ``effective_ms`` follows
    from the record alone.
    """

    class Quarantine(models.TextChoices):
        """What became of a scan that a revoked phone sent."""

        NONE = "", _("not in quarantine")
        HELD = "held", _("held")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    id = models.UUIDField(_("scan"), primary_key=True)
    # Where an index below begins with the column, one of its own would only cost each scan time.
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="scans", db_index=False
    )
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="scans", db_index=False
    )
    seq = models.BigIntegerField()
    via = models.CharField(max_length=8)
    lookup = models.CharField(max_length=32, null=True)
    unknown_hash = models.CharField(max_length=32, null=True)
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, null=True, related_name="scans")
    delegate = models.ForeignKey(
        Delegate, on_delete=models.PROTECT, null=True, related_name="scans", db_index=False
    )
    # Without an index of its own: "scan_by_gate" begins with it.
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="scans", db_index=False)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="scans")
    direction = models.CharField(max_length=3)
    wall_ms = models.BigIntegerField()
    boot_id = models.UUIDField()
    mono_ms = models.BigIntegerField()
    anchor = models.JSONField(null=True)
    cursor = models.CharField(max_length=200, null=True)
    offline = models.BooleanField()
    override = models.JSONField(null=True)
    annuls = models.UUIDField(null=True)
    effective_ms = models.BigIntegerField()
    uncertain = models.BooleanField()
    decided = models.CharField(max_length=24, null=True)
    decided_params = models.JSONField(default=dict)
    decided_also = models.JSONField(default=list)
    shown = models.CharField(max_length=24, null=True)
    quarantine = models.CharField(
        max_length=8, choices=Quarantine.choices, default=Quarantine.NONE, blank=True
    )
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering: ClassVar = ["-effective_ms"]
        indexes: ClassVar = [
            models.Index(fields=["delegate", "zone", "effective_ms"], name="scan_by_person"),
            models.Index(fields=["conference", "-effective_ms"], name="scan_by_time"),
            models.Index(fields=["device", "seq"], name="scan_by_device"),
            models.Index(fields=["gate", "-effective_ms"], name="scan_by_gate"),
            # Asked for at every single scan, and next to empty.
            models.Index(
                fields=["delegate", "zone"],
                condition=Q(uncertain=True),
                name="scan_of_uncertain_time",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(lookup__isnull=False, unknown_hash__isnull=True)
                    | Q(lookup__isnull=True, unknown_hash__isnull=False)
                ),
                name="scan_has_one_identity",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out"]), name="scan_direction_known"
            ),
            models.CheckConstraint(condition=Q(via__in=["qr", "desk"]), name="scan_via_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verdict}"

    @property
    def verdict(self) -> str | None:
        """What the guard saw, else what the server decided."""
        return self.shown or self.decided


class Presence(models.Model):
    """Who is inside which zone: the fold of the scans (CP1, section 6), recomputable.

    ``changed_in`` is kept by triggers; see :class:`checkin.models.Change`.
    """

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="presences", db_index=False
    )
    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, related_name="presences", db_index=False
    )
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="presences")
    inside = models.BooleanField(default=False)
    entries = models.PositiveIntegerField(default=0)
    first_in_ms = models.BigIntegerField(null=True)
    in_ms = models.BigIntegerField(null=True)
    in_scan = models.UUIDField(null=True)
    gate = models.ForeignKey(
        Gate, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at_ms = models.BigIntegerField(null=True)
    at_scan = models.UUIDField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_in = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        indexes: ClassVar = [
            models.Index(fields=["conference", "zone", "first_in_ms"], name="presence_by_zone"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delegate", "zone"], name="presence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.delegate} · {self.zone}"


class Conflict(models.Model):
    """Facts that do not fit together, for a person to settle (CP1, section 7)."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")
        MOOT = "moot", _("no longer true")

    class Outcome(models.TextChoices):
        """What a person found to have been the case."""

        EXIT_MISSED = "exit_missed", _("went out without being scanned")
        ENTRY_MISSED = "entry_missed", _("came in without being scanned")
        BADGE_SHARED = "badge_shared", _("the badge was used by somebody else")
        MISTAKEN_SCAN = "mistaken_scan", _("scanned by mistake")
        RIGHT_PERSON = "right_person", _("it was the right person, who may be here")
        LED_OUT = "led_out", _("the person was led out")
        TIME_RIGHT = "time_right", _("the time is right")
        TIME_WRONG = "time_wrong", _("the time is wrong")
        OTHER = "other", _("something else")

    id = models.CharField(max_length=32, primary_key=True)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="conflicts")
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="conflicts")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=32)
    scans = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(
        _("what was found"), max_length=16, choices=Outcome.choices, blank=True
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        ordering: ClassVar = ["-raised_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
