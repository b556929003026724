"""People who came without being on any list, entered at the desk."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from checkin.models.device import Device
from conference.models import Conference
from delegates.models import Badge, Delegate


class WalkIn(models.Model):
    """One walk-in (CP1, section 2: ``walk-ins/``); the id is made on the phone.

    ``content_hash`` is SHA-256 in hex of what was entered: the same again is a repeat, another
    content under one id is refused.
    """

    id = models.UUIDField(_("walk-in"), primary_key=True)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="walk_ins")
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="walk_ins"
    )
    delegate = models.OneToOneField(Delegate, on_delete=models.CASCADE, related_name="walk_in")
    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("walk-in")
        verbose_name_plural = _("walk-ins")
        ordering: ClassVar = ["conference", "-made_at"]

    def __str__(self) -> str:
        return str(self.delegate)
