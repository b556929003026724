"""One-time codes that open a locked link."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from delegates.models.personal_link import PersonalLink


class LinkCode(models.Model):
    """A code mailed to the addressee of a locked invitation. Only its keyed hash is stored."""

    link = models.ForeignKey(
        PersonalLink, on_delete=models.CASCADE, related_name="codes", verbose_name=_("link")
    )
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("code for a link")
        verbose_name_plural = _("codes for links")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(tries__lte=5), name="code_is_tried_five_times_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.created_at}"
