"""What the door has to know about one person besides class and zones."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from delegates.models import Delegate


class AttentionText(models.Model):
    """A sentence that is shown beside the verdict; cards refer to it by its number, the id."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="attention_texts"
    )
    text_en = models.CharField(_("text in English"), max_length=200, blank=True)
    text_zh = models.CharField(_("text in Chinese"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attention text")
        verbose_name_plural = _("attention texts")
        ordering: ClassVar = ["conference", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text_en="") | ~Q(text_zh=""), name="attention_text_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.text_en or self.text_zh


class Handling(models.Model):
    """How one person is to be received at the doors (CP1, section 1: flags, attention, valid)."""

    delegate = models.OneToOneField(Delegate, on_delete=models.CASCADE, related_name="handling")
    to_desk = models.BooleanField(_("send to the desk"), default=False)
    escort = models.BooleanField(_("needs an escort"), default=False)
    attention = models.ForeignKey(
        AttentionText,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="handlings",
        verbose_name=_("attention text"),
    )
    valid_from = models.DateTimeField(_("badge valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("badge valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("handling at the doors")
        verbose_name_plural = _("handlings at the doors")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="handling_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return str(self.delegate)
