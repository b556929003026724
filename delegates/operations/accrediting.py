"""Deciding who may attend, and in which badge class."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.errors import DomainError
from conference.models import Conference, User
from conference.operations import auditing
from delegates.errors import DelegateIncomplete, StepNotAllowed
from delegates.models import Accreditation, BadgeClass, Delegate
from delegates.operations import badging, stepping
from delegates.operations.missing import needed_before_approval
from delegates.operations.stepping import Deed

State = Accreditation.State


@dataclass(frozen=True, kw_only=True)
class BulkApproval:
    """What became of a bulk approval: the approved, and the others each with its refusal."""

    approved: list[Delegate] = field(default_factory=list)
    refused: list[tuple[Delegate, DomainError]] = field(default_factory=list)


@transaction.atomic
def approve(
    *, delegate: Delegate, now: datetime, actor: User | None = None, actor_label: str = ""
) -> Accreditation:
    """Approve a submitted delegate and issue the badge.

    Raises StepNotAllowed (also if somebody else decided first) and DelegateIncomplete.
    """
    if missing := needed_before_approval(delegate):
        raise DelegateIncomplete(missing[0].sentence)
    deed = Deed(now=now, actor=actor, label=actor_label)
    accreditation = stepping.take_step(delegate=delegate, to=State.APPROVED, deed=deed)
    badging.issue_badge(delegate=delegate, now=now, actor=actor, actor_label=actor_label)
    return accreditation


def approve_many(
    *, conference: Conference, delegate_ids: Sequence[int], now: datetime, actor: User | None = None
) -> BulkApproval:
    """Approve those of these delegates that can be; one that cannot does not stop the others."""
    outcome = BulkApproval()
    chosen = Delegate.objects.filter(conference=conference, pk__in=delegate_ids)
    for delegate in chosen.select_related("conference", "delegation"):
        try:
            approve(delegate=delegate, now=now, actor=actor)
        except DomainError as refusal:
            outcome.refused.append((delegate, refusal))
        else:
            outcome.approved.append(delegate)
    return outcome


@transaction.atomic
def refuse(
    *,
    delegate: Delegate,
    reason: str,
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Accreditation:
    """Refuse a submitted or approved delegate; an issued badge becomes void.

    Raises StepNotAllowed, also if no reason is given.
    """
    if not reason.strip():
        raise StepNotAllowed(_("Give a reason: the delegation will read it."))
    deed = Deed(now=now, actor=actor, label=actor_label)
    accreditation = stepping.take_step(
        delegate=delegate, to=State.REFUSED, deed=deed, reason=reason.strip()
    )
    badging.revoke_badge(
        delegate=delegate, reason=reason.strip(), now=now, actor=actor, actor_label=actor_label
    )
    return accreditation


def return_to_nomination(
    *,
    delegate: Delegate,
    reason: str,
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Accreditation:
    """Give a submitted delegate back to the delegation for completion; raises StepNotAllowed."""
    deed = Deed(now=now, actor=actor, label=actor_label)
    accreditation = stepping.accreditation_of(delegate)
    if accreditation.state != State.SUBMITTED:
        raise stepping.step_refused(accreditation)
    return stepping.take_step(
        delegate=delegate, to=State.NOMINATED, deed=deed, reason=reason.strip()
    )


@transaction.atomic
def withdraw(
    *,
    delegate: Delegate,
    reason: str,
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Accreditation:
    """Take a person off the list for good or until restored; the badge becomes void.

    Raises StepNotAllowed.
    """
    deed = Deed(now=now, actor=actor, label=actor_label)
    accreditation = stepping.take_step(
        delegate=delegate, to=State.WITHDRAWN, deed=deed, reason=reason.strip()
    )
    _leave(delegate=delegate, now=now)
    badging.revoke_badge(
        delegate=delegate, reason=reason.strip(), now=now, actor=actor, actor_label=actor_label
    )
    return accreditation


@transaction.atomic
def change_class(
    *, delegate: Delegate, badge_class: BadgeClass, now: datetime, actor: User | None = None
) -> Accreditation:
    """Move a delegate to another badge class; a badge already issued is replaced.

    Raises QuotaExhausted if that class has no place left, StepNotAllowed if somebody else
    changed the accreditation meanwhile or the class is another conference's.
    """
    accreditation = stepping.accreditation_of(delegate)
    former = accreditation.badge_class
    if former == badge_class:
        return accreditation
    if badge_class.conference_id != delegate.conference_id:
        raise StepNotAllowed(_("This badge class belongs to another conference."))
    changed = Accreditation.objects.filter(
        pk=accreditation.pk, state=accreditation.state, badge_class=former
    ).update(badge_class=badge_class, changed_at=now)
    if not changed:
        raise StepNotAllowed
    if accreditation.state in stepping.HOLDS_A_PLACE:
        stepping.take_place(delegation=delegate.delegation, badge_class=badge_class)
        stepping.give_back_place(delegation=delegate.delegation, badge_class=former)
    auditing.record(
        action="delegate.class",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        before={"badge_class": former.code},
        after={"badge_class": badge_class.code},
        now=now,
    )
    if accreditation.state == State.APPROVED:
        badging.replace_badge(delegate=delegate, reason=badge_class.code, now=now, actor=actor)
    accreditation.refresh_from_db()
    return accreditation


def _leave(*, delegate: Delegate, now: datetime) -> None:
    delegate.withdrawn_at = now
    delegate.save(update_fields=["withdrawn_at", "changed_at"])
