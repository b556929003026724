"""Keys with which other programs read one conference."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models.conference import Conference
from conference.models.team import Membership, Role


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Which tokens; time is an argument."""

    def usable(self, now: datetime) -> Self:
        """Return tokens that are neither revoked nor expired, whose owner still is organiser."""
        owners = Membership.objects.filter(
            conference=models.OuterRef("conference"),
            user=models.OuterRef("owner"),
            user__is_active=True,
            role=Role.ORGANISER,
        )
        return self.filter(models.Exists(owners), revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """A program's right to read one conference, in the part of one role.

    The token is random and shown once; only its hash is stored. It ends with its date, by being
    revoked, or when its owner is no longer organiser of the conference.
    """

    #: Makes a token that was lost in a repository or a log easy to find.
    PREFIX: ClassVar[str] = "plenary_"

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="api_tokens")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("program"), max_length=80)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.VIEWER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects: ClassVar = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="api_token_has_a_role"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def new_token(cls) -> str:
        """Return a fresh token with 256 random bits."""
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is stored for a token: SHA-256 in hex (its bits are random enough)."""
        return hashlib.sha256(token.encode()).hexdigest()
