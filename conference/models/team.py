"""Who does what in a conference."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference


class Role(models.TextChoices):
    """A part in running one conference."""

    ORGANISER = "organiser", _("organiser")
    PROTOCOL = "protocol", _("protocol officer")
    PROGRAMME = "programme", _("programme officer")
    DESK = "desk", _("gate and desk staff")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    """A user's role in one conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "user"], name="one_role_per_conference")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
