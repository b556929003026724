"""How fast letters go to one domain: a count that all workers share."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SendingPace(models.Model):
    """What may still be sent to a domain at once: taken by each claim, refilled by time."""

    domain = models.CharField(_("domain"), max_length=255, primary_key=True)
    tokens = models.FloatField(_("letters that may leave now"))
    refilled_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("pace of a domain")
        verbose_name_plural = _("paces of domains")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tokens__gte=0), name="pace_is_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return self.domain
