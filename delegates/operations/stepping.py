"""Moving an accreditation along its allowed steps, with the place in the quota that goes with it.

The step is one conditional update: of two people who decide at once one wins, the other is told
what the state has become.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from conference.models import User
from conference.operations import auditing
from delegates.errors import QuotaExhausted, StepNotAllowed
from delegates.models import Accreditation, BadgeClass, Delegate, Delegation, Quota

State = Accreditation.State

# While it is in one of these, a person holds one of the places granted to the delegation.
HOLDS_A_PLACE: frozenset[str] = frozenset({State.NOMINATED, State.SUBMITTED, State.APPROVED})

_VERBS: dict[str, str] = {
    State.NOMINATED: "delegate.return",
    State.SUBMITTED: "delegate.submit",
    State.APPROVED: "delegate.approve",
    State.REFUSED: "delegate.refuse",
    State.WITHDRAWN: "delegate.withdraw",
    State.SUBSTITUTED: "delegate.substitute",
}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who acts and when: ``label`` names actors without an account, such as a personal link."""

    now: datetime
    actor: User | None = None
    label: str = ""


def take_place(*, delegation: Delegation, badge_class: BadgeClass) -> None:
    """Take one of the places granted in this class; without a quota there is no limit.

    Raises QuotaExhausted if none is free. Call it inside the transaction of what needs the place.
    """
    quota = Quota.objects.filter(delegation=delegation, badge_class=badge_class)
    if quota.filter(taken__lt=F("granted")).update(taken=F("taken") + 1):
        return
    if quota.exists():
        raise QuotaExhausted


def give_back_place(*, delegation: Delegation, badge_class: BadgeClass) -> None:
    """Give one place of this class back."""
    Quota.objects.filter(delegation=delegation, badge_class=badge_class, taken__gt=0).update(
        taken=F("taken") - 1
    )


@transaction.atomic
def take_step(*, delegate: Delegate, to: str, deed: Deed, reason: str = "") -> Accreditation:
    """Move the delegate's accreditation to the state ``to`` and record it.

    Raises StepNotAllowed if that is not possible from the present state (or no longer, because
    somebody else was faster), QuotaExhausted if a place is needed and none is free.
    """
    accreditation = accreditation_of(delegate)
    former = accreditation.state
    if not accreditation.may_become(to):
        raise step_refused(accreditation)
    fields: dict[str, object] = {"state": to, "reason": reason, "changed_at": deed.now}
    if to in (State.APPROVED, State.REFUSED):
        fields |= {"decided_by": deed.actor, "decided_at": deed.now}
    changed = Accreditation.objects.filter(pk=accreditation.pk, state=former).update(**fields)
    accreditation.refresh_from_db()
    if not changed:
        raise step_refused(accreditation)
    _move_place(delegate=delegate, accreditation=accreditation, former=former)
    auditing.record(
        action=_VERBS[to],
        target=delegate,
        conference=delegate.conference,
        actor=deed.actor,
        actor_label=deed.label,
        before={"state": former},
        after={"state": to},
        reason=reason,
        now=deed.now,
    )
    return accreditation


def accreditation_of(delegate: Delegate) -> Accreditation:
    """Return the delegate's accreditation as it stands in the database now.

    Raises StepNotAllowed for a person who was never nominated.
    """
    accreditation = (
        Accreditation.objects.select_related("badge_class").filter(delegate=delegate).first()
    )
    if accreditation is None:
        raise StepNotAllowed(_("This person has not been nominated yet."))
    return accreditation


def step_refused(accreditation: Accreditation) -> StepNotAllowed:
    """Return the refusal that names the state the accreditation is in."""
    return StepNotAllowed(
        _("This is not possible: the accreditation is now “%(state)s”."),
        state=accreditation.get_state_display(),
    )


def _move_place(*, delegate: Delegate, accreditation: Accreditation, former: str) -> None:
    held, holds = former in HOLDS_A_PLACE, accreditation.state in HOLDS_A_PLACE
    if holds and not held:
        take_place(delegation=delegate.delegation, badge_class=accreditation.badge_class)
    if held and not holds:
        give_back_place(delegation=delegate.delegation, badge_class=accreditation.badge_class)
