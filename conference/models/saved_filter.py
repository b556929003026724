"""How an audience was narrowed, kept under a name for other mailings."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models.conference import Conference


class SavedFilter(models.Model):
    """A named way to narrow one kind of audience; ``narrowed`` as a mailing has it."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="saved_filters"
    )
    audience = models.CharField(_("audience"), max_length=20)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80)
    narrowed = models.JSONField(_("narrowed to"), default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering: ClassVar = ["audience", Lower("name"), "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "conference", "audience", Lower("name"), name="saved_filter_name_is_taken_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
