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
#: What the organiser has to see in the list at once, instead of "invited".
_TELLING = frozenset(
    {
        Invitation.State.DELIVERED,
        Invitation.State.BOUNCED,
        Invitation.State.OPENED,
        Invitation.State.EXPIRED,
    }
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
    def invitation_state(self) -> str:
        """The state of the latest invitation; "" without one."""
        return self.invitation.state if self.invitation is not None else ""

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
        if self._shows_invitation:
            return Invitation.State(self.invitation_state).label
        return STEPS[self.step]

    @property
    def state_code(self) -> str:
        """The code that gives the step its shape and colour."""
        return self.invitation_state if self._shows_invitation else self.step

    @property
    def _shows_invitation(self) -> bool:
        """Whether the invitation's own word says more than that of the step."""
        # Of a letter that was refused before it left, too: nobody is invited by it.
        is_telling = self.step in (NOT_INVITED, INVITED) and self.invitation_state in _TELLING
        return self.step == ANSWERED or is_telling

    def matches(self, wanted: str) -> bool:
        """Return whether the words typed into a search box name this delegation."""
        delegation = self.delegation
        texts = (
            delegation.name_en,
            delegation.name_zh,
            delegation.focal_name,
            delegation.focal_email,
        )
        return any(wanted.casefold() in text.casefold() for text in texts)

    @property
    def done(self) -> int:
        """How many of the four steps after the first are done: 0 to 4."""
        return list(STEPS).index(self.step)


def delegation_progress(conference: Conference) -> list[DelegationProgress]:
    """Return every delegation in order of precedence with its progress, in three queries."""
    delegations = Delegation.objects.of(conference).select_related(
        "locality", "organisation", "liaison"
    )
    return progress_of_all(delegations)


def progress_of(delegation: Delegation) -> DelegationProgress:
    """Return the progress of one delegation."""
    return progress_of_all([delegation])[0]


def progress_of_all(delegations: Iterable[Delegation]) -> list[DelegationProgress]:
    """Return the progress of these delegations in their order, in two queries besides theirs."""
    rows = list(delegations)
    latest = _latest_invitations(rows)
    counts = _counts(rows)
    return [
        DelegationProgress(
            delegation=delegation,
            invitation=latest.get(delegation.pk),
            **counts.get(delegation.pk, {}),
        )
        for delegation in rows
    ]


def _latest_invitations(delegations: list[Delegation]) -> dict[int, Invitation]:
    invitations = (
        Invitation.objects.filter(delegation__in=delegations, delegate=None, purpose="attend")
        .exclude(state=Invitation.State.CANCELLED)
        .order_by("created_at", "id")
    )
    return {invitation.delegation_id: invitation for invitation in invitations}


def _counts(delegations: list[Delegation]) -> dict[int, dict[str, int]]:
    people = Delegate.objects.attending().filter(delegation__in=delegations)
    tally: dict[int, dict[str, int]] = {}
    grouped = people.order_by().values_list("delegation_id", "accreditation__state")
    for delegation_id, state, count in grouped.annotate(count=Count("pk")):
        # Somebody from a copied list has no accreditation yet and is as good as nominated.
        key = state if state in (_State.SUBMITTED, _State.APPROVED, _State.REFUSED) else "nominated"
        mine = tally.setdefault(delegation_id, {})
        mine[key] = mine.get(key, 0) + count
    return tally
