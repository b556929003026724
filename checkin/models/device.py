"""Enrolled phones."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checkin.models.zone import Gate, Zone
from conference.models import Conference


class Device(models.Model):
    """A phone at a gate: what it may do, and how it was last heard of.

    The one-time enrolment code and the token are stored as SHA-256 in hex, never in clear.
    """

    class Capability(models.TextChoices):
        """What a device may do (CP1, section 2)."""

        SCAN = "scan", _("scan")
        DESK = "desk", _("look up names")
        OVERRIDE = "override", _("override refusals")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="devices")
    zones = models.ManyToManyField(Zone, related_name="devices", blank=True)
    capabilities = models.JSONField(_("capabilities"), default=list)
    valid_until = models.DateTimeField(_("valid until"))
    enrolment_hash = models.CharField(max_length=64, blank=True)
    enrolment_expires_at = models.DateTimeField(null=True, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled"), null=True, blank=True)
    install_id = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, null=True, blank=True)
    app_version = models.CharField(max_length=20, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    battery = models.PositiveSmallIntegerField(_("battery"), null=True, blank=True)
    queued = models.PositiveIntegerField(_("waiting scans"), null=True, blank=True)
    #: What the phone said itself: False once its guard went. None: it has never said.
    on_shift = models.BooleanField(_("on shift"), null=True, blank=True)
    cursor = models.CharField(max_length=200, blank=True)
    snapshot_at = models.DateTimeField(_("list as of"), null=True, blank=True)
    wipe_told_at = models.DateTimeField(_("told to wipe"), null=True, blank=True)
    clock_offset_ms = models.BigIntegerField(_("clock offset"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering: ClassVar = ["conference", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_hash"], name="device_token_unique"),
            models.UniqueConstraint(
                fields=["enrolment_hash"],
                condition=~Q(enrolment_hash=""),
                name="device_enrolment_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended_its_shift(self) -> bool:
        """Whether the phone said that nobody works with it, and that nothing waits on it."""
        return self.on_shift is False and self.queued == 0

    def can(self, capability: str) -> bool:
        """Return whether the device has this capability."""
        return capability in self.capabilities
