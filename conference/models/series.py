"""Recurring meetings."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """A recurring meeting; its conferences are editions."""

    slug = models.SlugField(_("address"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_zh=""), name="series_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh
