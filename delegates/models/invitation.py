"""Calls to a focal point or a person, and the personal links that carry them."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Campaign, Conference, Language
from delegates.models.delegate import Delegate
from delegates.models.delegation import Delegation


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations; time is an argument."""

    def open(self) -> Self:
        """Return those that can still be answered or changed by an answer."""
        return self.filter(state__in=Invitation.OPEN_STATES)

    def unanswered(self, now: datetime) -> Self:
        """Return those sent, without an answer, before their deadline."""
        return self.filter(answered_at=None, sent_at__isnull=False).filter(
            Q(deadline=None) | Q(deadline__gt=now)
        )


class Invitation(models.Model):
    """A call to attend, with a deadline and a reply."""

    class State(models.TextChoices):
        """How far the invitation is."""

        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        OPENED = "opened", _("opened")
        ACCEPTED = "accepted", _("accepted")
        TENTATIVE = "tentative", _("tentative")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    OPEN_STATES: ClassVar[tuple[str, ...]] = (
        State.DRAFT,
        State.SENT,
        State.OPENED,
        State.TENTATIVE,
        State.ACCEPTED,
    )

    class Refusal(models.TextChoices):
        """Why an answer is not taken."""

        EXPIRED = "expired", _("The deadline for an answer has passed. Write to the organiser.")
        CANCELLED = "cancelled", _("This invitation was withdrawn. Write to the organiser.")
        CONFERENCE_OVER = "conference_over", _("This conference is over.")

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="invitations")
    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="invitations")
    delegate = models.ForeignKey(
        Delegate, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    purpose = models.CharField(_("purpose"), max_length=40, default="attend")
    addressee_name = models.CharField(_("addressee"), max_length=200, blank=True)
    addressee_email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    deadline = models.DateTimeField(_("answer due by"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=254, blank=True)
    answer_note = models.TextField(_("note to the answer"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delegation", "purpose"],
                condition=Q(
                    state__in=["draft", "sent", "opened", "tentative", "accepted"],
                    delegate__isnull=True,
                ),
                name="one_open_invitation_per_delegation",
            ),
            models.UniqueConstraint(
                fields=["delegate", "purpose"],
                condition=Q(
                    state__in=["draft", "sent", "opened", "tentative", "accepted"],
                    delegate__isnull=False,
                ),
                name="one_open_invitation_per_delegate",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined", "tentative"])
                | Q(answered_at__isnull=False),
                name="invitation_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} · {self.get_state_display()}"

    def refusal(self, now: datetime) -> "Invitation.Refusal | None":
        """Return why this invitation cannot be answered at ``now``, or None if it can."""
        if self.state == self.State.CANCELLED:
            return self.Refusal.CANCELLED
        if self.conference.is_over(now):
            return self.Refusal.CONFERENCE_OVER
        if self.deadline is not None and self.deadline <= now:
            return self.Refusal.EXPIRED
        return None


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
            )
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
