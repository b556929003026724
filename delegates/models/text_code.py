"""One-time codes by which a delegate shows that a phone is theirs."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Channel
from delegates.models.delegate import Delegate


class TextCodeQuerySet(models.QuerySet["TextCode"]):
    """Which codes; time is an argument."""

    def live(self, now: datetime) -> Self:
        """Return those that can still be typed."""
        return self.filter(used_at=None, is_unsent=False, expires_at__gt=now)


class TextCode(models.Model):
    """A code sent to an address that somebody gave. Only its keyed hash is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="text_codes")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    address = models.CharField(_("phone number or WeChat id"), max_length=80, db_index=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    is_unsent = models.BooleanField(_("the service did not take it"), default=False)

    objects: ClassVar = TextCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code for a phone")
        verbose_name_plural = _("codes for phones")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(tries__lte=5), name="text_code_is_tried_five_times_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.created_at}"
