"""Published versions of the programme."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference


class Release(models.Model):
    """A published version of the programme, with what changed since the last."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField(_("version"))
    released_at = models.DateTimeField(_("published"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering: ClassVar = ["conference", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "number"], name="release_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.conference} v{self.number}"
