"""What revoked phones still had to tell, kept apart until a person has looked at it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from checkin.models.device import Device
from conference.models import Conference
from delegates.models import Delegate


class HeldScan(models.Model):
    """A delivery of one scan by a revoked phone (CP1, section 2: ``scans/quarantine/``).

    It is no scan: nothing that counts people reads this table. A scan with the same id may stand
    in the usual place already, judged by the server while the phone was trusted; accepting the
    delivery then fills what the guard saw, else it stores the scan.
    """

    class State(models.TextChoices):
        """What a person made of it."""

        HELD = "held", _("held")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    id = models.UUIDField(_("scan"), primary_key=True)
    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="held_scans", db_index=False
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="held_scans")
    delegate = models.ForeignKey(
        Delegate, on_delete=models.PROTECT, null=True, related_name="held_scans"
    )
    record = models.JSONField()
    effective_ms = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.HELD)
    received_at = models.DateTimeField(_("received"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("scan in quarantine")
        verbose_name_plural = _("scans in quarantine")
        ordering: ClassVar = ["effective_ms", "id"]
        indexes: ClassVar = [
            models.Index(fields=["conference", "state", "effective_ms"], name="held_scan_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_state_display()}"
