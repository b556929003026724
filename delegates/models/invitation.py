"""Calls to a focal point or a person: how far each is, and what was answered."""

from datetime import datetime, time
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
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

    def shut(self) -> Self:
        """Return locked ones on which too many wrong codes were typed, without a link since."""
        newer = Q(links__created_at__gt=F("codes_stopped_at"))
        return self.filter(codes_stopped_at__gt=F("locked_at")).exclude(newer)


_WAITING = ["sent", "delivered", "bounced", "opened"]
_OPEN = ["draft", *_WAITING, "tentative", "accepted"]


class Invitation(models.Model):
    """A call to attend, with a deadline and a reply."""

    class State(models.TextChoices):
        """How far the invitation is."""

        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("came back")
        OPENED = "opened", _("opened")
        ACCEPTED = "accepted", _("accepted")
        TENTATIVE = "tentative", _("tentative")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    #: Under way to somebody who has not answered.
    WAITING_STATES: ClassVar[tuple[str, ...]] = (
        State.SENT,
        State.DELIVERED,
        State.BOUNCED,
        State.OPENED,
    )
    ANSWERS: ClassVar[tuple[str, ...]] = (State.ACCEPTED, State.TENTATIVE, State.DECLINED)
    OPEN_STATES: ClassVar[tuple[str, ...]] = (
        State.DRAFT,
        *WAITING_STATES,
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
    locked_at = models.DateTimeField(_("locked to the addressee since"), null=True, blank=True)
    codes_stopped_at = models.DateTimeField(
        _("shut to codes since"),
        null=True,
        blank=True,
        help_text=_("Too many wrong codes were typed; links of before take none since."),
    )
    answer_count = models.PositiveSmallIntegerField(_("number of the answer"), default=0)
    know_by = models.DateField(_("will know by"), null=True, blank=True)
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
                    state__in=_OPEN,
                    delegate__isnull=True,
                ),
                name="one_open_invitation_per_delegation",
            ),
            models.UniqueConstraint(
                fields=["delegate", "purpose"],
                condition=Q(
                    state__in=_OPEN,
                    delegate__isnull=False,
                ),
                name="one_open_invitation_per_delegate",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined", "tentative"])
                | Q(answered_at__isnull=False),
                name="invitation_answer_has_a_time",
            ),
            # An answer is left only by another answer: nothing that happens to a letter undoes it.
            models.CheckConstraint(
                condition=~Q(state__in=["draft", *_WAITING, "expired"])
                | Q(answered_at__isnull=True),
                name="invitation_waits_without_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(know_by__isnull=True) | Q(state__in=["tentative", "cancelled"]),
                name="invitation_only_tentative_knows_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} · {self.get_state_display()}"

    @property
    def is_shut(self) -> bool:
        """Whether, since it was locked, so many wrong codes were typed that none is taken more."""
        if self.locked_at is None or self.codes_stopped_at is None:
            return False
        return self.codes_stopped_at > self.locked_at

    def refusal(self, now: datetime) -> "Invitation.Refusal | None":
        """Return why this invitation cannot be answered at ``now``, or None if it can."""
        if self.state == self.State.CANCELLED:
            return self.Refusal.CANCELLED
        if self.conference.is_over(now):
            return self.Refusal.CONFERENCE_OVER
        until = self.answer_until
        if self.state == self.State.EXPIRED or (until is not None and until <= now):
            return self.Refusal.EXPIRED
        return None

    @property
    def answer_until(self) -> datetime | None:
        """Until when the answer may be given or changed; None where nothing bounds it.

        Who said "we will know by" a later day may say so until that day ends at the venue.
        """
        if self.deadline is None or self.know_by is None:
            return self.deadline
        ends = datetime.combine(self.know_by, time.max, tzinfo=self.conference.zone)
        return max(self.deadline, ends)
