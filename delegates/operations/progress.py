"""How far each delegation of a conference is, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from delegates.models import Accreditation, Delegate, Delegation, Invitation

NOT_INVITED = "not_invited"
INVITED = "invited"
ANSWERED = "answered"
NOMINATED = "nominated"
ACCREDITED = "accredited"

#: The steps in their order, each with its one word.
STEPS: dict[str, str | Promise] = {
    NOT_INVITED: _("not invited"),
    INVITED: _("invited"),
    ANSWERED: _("answered"),
    NOMINATED: _("nominated"),
    ACCREDITED: _("accredited"),
}

_ANSWERS = frozenset(
    {Invitation.State.ACCEPTED, Invitation.State.TENTATIVE, Invitation.State.DECLINED}
)
_State = Accreditation.State


@dataclass(frozen=True, kw_only=True)
class DelegationProgress:
    """One delegation: its latest invitation, and how many of its people are how far.

    ``members`` are those who have not withdrawn. ``nominated``, ``submitted``, ``approved`` and
    ``refused`` add up to it: each person is counted once, at the state reached.
    """

    delegation: Delegation
    invitation: Invitation | None
    nominated: int = 0
    submitted: int = 0
    approved: int = 0
    refused: int = 0

    @property
    def members(self) -> int:
        """People on the list who have not withdrawn."""
        return self.nominated + self.submitted + self.approved + self.refused

    @property
    def is_invited(self) -> bool:
        """Whether an invitation has gone out and stands."""
        return self.invitation is not None and self.invitation.sent_at is not None

    @property
    def is_answered(self) -> bool:
        """Whether the invitation has an answer."""
        return self.invitation is not None and self.invitation.state in _ANSWERS

    @property
    def is_declined(self) -> bool:
        """Whether the answer is that nobody comes."""
        return self.invitation is not None and (self.invitation.state == Invitation.State.DECLINED)

    @property
    def needs_decision(self) -> bool:
        """Whether the organiser has somebody to accredit here."""
        return self.submitted > 0

    @property
    def step(self) -> str:
        """The code of the furthest step reached; a refusal to come ends at ``answered``."""
        if self.is_declined:
            return ANSWERED
        if self.approved and not (self.nominated or self.submitted):
            return ACCREDITED
        if self.members:
            return NOMINATED
        if self.is_answered:
            return ANSWERED
        return INVITED if self.is_invited else NOT_INVITED

    @property
    def step_label(self) -> str | Promise:
        """The word of the step, or of the answer where there is nothing further."""
        if self.step == ANSWERED and self.invitation is not None:
            return Invitation.State(self.invitation.state).label
        return STEPS[self.step]

    @property
    def state_code(self) -> str:
        """The code that gives the step its shape and colour."""
        if self.step == ANSWERED and self.invitation is not None:
            return self.invitation.state
        return self.step

    @property
    def done(self) -> int:
        """How many of the four steps after the first are done: 0 to 4."""
        return list(STEPS).index(self.step)


def delegation_progress(conference: Conference) -> list[DelegationProgress]:
    """Return every delegation in order of precedence with its progress, in three queries."""
    delegations = Delegation.objects.of(conference).select_related(
        "locality", "organisation", "liaison"
    )
    return _progress_of(delegations, conference)


def progress_of(delegation: Delegation) -> DelegationProgress:
    """Return the progress of one delegation."""
    return _progress_of([delegation], delegation.conference)[0]


def _progress_of(
    delegations: Iterable[Delegation], conference: Conference
) -> list[DelegationProgress]:
    rows = list(delegations)
    latest = _latest_invitations(conference, rows)
    counts = _counts(conference, rows)
    return [
        DelegationProgress(
            delegation=delegation,
            invitation=latest.get(delegation.pk),
            **counts.get(delegation.pk, {}),
        )
        for delegation in rows
    ]


def _latest_invitations(
    conference: Conference, delegations: list[Delegation]
) -> dict[int, Invitation]:
    invitations = (
        Invitation.objects.filter(conference=conference, delegate=None, purpose="attend")
        .exclude(state=Invitation.State.CANCELLED)
        .order_by("created_at", "id")
    )
    if len(delegations) == 1:
        invitations = invitations.filter(delegation=delegations[0])
    return {invitation.delegation_id: invitation for invitation in invitations}


def _counts(conference: Conference, delegations: list[Delegation]) -> dict[int, dict[str, int]]:
    people = Delegate.objects.attending().filter(conference=conference)
    if len(delegations) == 1:
        people = people.filter(delegation=delegations[0])
    tally: dict[int, dict[str, int]] = {}
    grouped = people.order_by().values_list("delegation_id", "accreditation__state")
    for delegation_id, state, count in grouped.annotate(count=Count("pk")):
        # Somebody from a copied list has no accreditation yet and is as good as nominated.
        key = state if state in (_State.SUBMITTED, _State.APPROVED, _State.REFUSED) else "nominated"
        mine = tally.setdefault(delegation_id, {})
        mine[key] = mine.get(key, 0) + count
    return tally
