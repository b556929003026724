"""Who does a focal point's work in their place."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Language
from delegates.models.invitation import Invitation


class Deputy(models.Model):
    """To whom a focal point handed the work on one invitation, with a link of their own."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="deputies", verbose_name=_("invitation")
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    former_keeps_rights = models.BooleanField(
        _("the focal point can go on changing things, too"), default=False
    )
    handed_at = models.DateTimeField(_("handed over"))
    handed_by = models.CharField(_("handed over by"), max_length=254)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.CharField(_("taken back by"), max_length=254, blank=True)

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering: ClassVar = ["-handed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_deputy_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def handed_by_name(self) -> str:
        """Who handed the work over: by name, where it was the focal point, else as it was kept."""
        delegation = self.invitation.delegation
        is_focal_point = self.handed_by.casefold() == delegation.focal_email.casefold()
        return (delegation.focal_name if is_focal_point else "") or self.handed_by
