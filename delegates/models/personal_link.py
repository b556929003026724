"""Personal links: the secret addresses that open one thing to one person."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delegates.models.delegate import Delegate
from delegates.models.deputy import Deputy
from delegates.models.invitation import Invitation


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    """Which links; time is an argument."""

    def usable(self, now: datetime) -> Self:
        """Return links that are neither revoked nor expired."""
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))


class PersonalLink(models.Model):
    """A secret address given to one person: random, only its hash stored, expiring, revocable.

    ``INVITATION`` answers one invitation and fills that delegation's list, ``DELEGATE`` opens one
    delegate's own pages, ``CALENDAR`` reads one delegate's agenda and nothing else.
    """

    class Purpose(models.TextChoices):
        """What the link opens."""

        INVITATION = "invitation", _("invitation")
        DELEGATE = "delegate", _("delegate")
        CALENDAR = "calendar", _("calendar")

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )
    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )
    deputy = models.ForeignKey(
        Deputy, on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(purpose="invitation", invitation__isnull=False, delegate__isnull=True)
                    | Q(
                        purpose__in=["delegate", "calendar"],
                        invitation__isnull=True,
                        delegate__isnull=False,
                    )
                ),
                name="link_opens_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | Q(purpose="invitation"),
                name="only_links_to_invitations_have_a_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.token_hash[:8]}"

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is stored for a token: SHA-256 in hex (a token has 192 random bits)."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def new_token(cls) -> str:
        """Return a fresh token of 32 URL-safe characters."""
        return secrets.token_urlsafe(24)
