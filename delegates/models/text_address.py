"""Where a delegate gets short texts, and since when and until when."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Channel, Language
from delegates.models.delegate import Delegate


class TextAddressQuerySet(models.QuerySet["TextAddress"]):
    """Which addresses."""

    def live(self) -> Self:
        """Return those that were confirmed and not stopped."""
        return self.filter(confirmed_at__isnull=False, stopped_at=None)


class TextAddress(models.Model):
    """A phone number or a WeChat id to which a delegate allowed texts; never changed, only ended.

    One that was stopped and never confirmed keeps that its owner wants none.
    """

    class StoppedBy(models.TextChoices):
        """How texts to it were ended."""

        PAGE = "page", _("by the delegate")
        LINK = "link", _("by the link in a text")
        SERVICE = "service", _("reported by the service")
        OTHER = "other", _("by another address")

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="text_addresses")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    address = models.CharField(_("phone number or WeChat id"), max_length=80)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    with_news = models.BooleanField(_("also mailings"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_by = models.CharField(
        _("stopped how"), max_length=10, choices=StoppedBy.choices, blank=True, default=""
    )

    objects: ClassVar = TextAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address for texts")
        verbose_name_plural = _("addresses for texts")
        ordering: ClassVar = ["delegate", "channel", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delegate", "channel"],
                condition=Q(stopped_at__isnull=True),
                name="one_address_for_texts_by_channel",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(stopped_at__isnull=False),
                name="text_address_is_confirmed_or_stopped",
            ),
            models.CheckConstraint(
                condition=(Q(stopped_at=None) & Q(stopped_by=""))
                | (Q(stopped_at__isnull=False) & ~Q(stopped_by="")),
                name="text_address_says_how_it_was_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.address}"
