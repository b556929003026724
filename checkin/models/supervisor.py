"""People who may wave a refusal through, by a PIN that phones can check without a line."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference


class Supervisor(models.Model):
    """A supervisor of the doors (CP1, section 2: ``supervisors``); ``by`` of an override is the id.

    ``pin_hash`` is PBKDF2-HMAC-SHA256 of the PIN, 32 bytes; it and ``pin_salt`` are base64url
    without padding, as they travel. A supervisor is never deleted: overrides name the id.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="supervisors")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pin_salt = models.CharField(max_length=32)
    pin_rounds = models.PositiveIntegerField()
    pin_hash = models.CharField(max_length=43)
    changed_at = models.DateTimeField(_("changed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("supervisor of the doors")
        verbose_name_plural = _("supervisors of the doors")
        ordering: ClassVar = ["conference", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conference", "name"],
                condition=Q(ended_at__isnull=True),
                name="supervisor_name_unique",
            ),
            models.CheckConstraint(
                condition=Q(pin_rounds__gte=1), name="supervisor_pin_has_rounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name
