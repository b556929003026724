"""Secret addresses that show the wall screen on a television without a sign-in."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference


class WallLinkQuerySet(models.QuerySet["WallLink"]):
    """Which links; time is an argument."""

    def usable(self, now: datetime) -> Self:
        """Return links that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class WallLink(models.Model):
    """One screen's right to show the figures of a conference.

    The token is random and shown once; only its hash is stored. It shows no names of people unless
    ``names_vips`` says so, and then only of VIPs who have arrived.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="wall_links")
    name = models.CharField(_("screen"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    names_vips = models.BooleanField(_("names VIPs who have arrived"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects: ClassVar = WallLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("wall link")
        verbose_name_plural = _("wall links")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="wall_link_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, now: datetime) -> str:
        """Return one code for whether it opens: ``active``, ``revoked`` or ``expired``."""
        if self.revoked_at is not None:
            return "revoked"
        return "active" if now < self.expires_at else "expired"

    @staticmethod
    def new_token() -> str:
        """Return a fresh token of 32 URL-safe characters, 192 random bits."""
        return secrets.token_urlsafe(24)

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is stored for a token: SHA-256 in hex (its bits are random enough)."""
        return hashlib.sha256(token.encode()).hexdigest()
