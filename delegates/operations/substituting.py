"""Leaving a delegation's list, coming back to it, and coming in another's place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conference.models import User
from delegates.models import Accreditation, Delegate
from delegates.operations import accrediting, badging, stepping
from delegates.operations.nominating import add_member, ensure_nominated, one_head, submit_member
from delegates.operations.stepping import Deed

State = Accreditation.State


@transaction.atomic
def withdraw_member(
    *,
    delegate: Delegate,
    now: datetime,
    reason: str = "",
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Take a person off the list, keeping the row; the place is free again, the badge void.

    Raises StepNotAllowed if the person has already gone.
    """
    ensure_nominated(delegate)
    accrediting.withdraw(
        delegate=delegate, reason=reason, now=now, actor=actor, actor_label=actor_label
    )
    return delegate


@transaction.atomic
def restore_member(
    *, delegate: Delegate, now: datetime, actor: User | None = None, actor_label: str = ""
) -> Delegate:
    """Put a withdrawn person back on the list as nominated.

    Raises StepNotAllowed, QuotaExhausted, or HeadAlreadyNamed if the delegation has a new head.
    """
    deed = Deed(now=now, actor=actor, label=actor_label)
    accreditation = stepping.accreditation_of(delegate)
    if accreditation.state != State.WITHDRAWN:
        raise stepping.step_refused(accreditation)
    stepping.take_step(delegate=delegate, to=State.NOMINATED, deed=deed)
    delegate.withdrawn_at = None
    with one_head():
        delegate.save(update_fields=["withdrawn_at", "changed_at"])
    return delegate


@transaction.atomic
def substitute(
    *,
    delegate: Delegate,
    fields: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Let another person come in this one's place: same role, rank and badge class.

    The new person is submitted for accreditation; the former one's badge is void. Returns the
    new person. Raises StepNotAllowed if the former one has already gone, DelegateIncomplete.
    """
    successor = name_successor(
        delegate=delegate,
        fields=fields,
        now=now,
        reason=reason,
        actor=actor,
        actor_label=actor_label,
    )
    submit_member(delegate=successor, now=now, actor=actor, actor_label=actor_label)
    return successor


@transaction.atomic
def name_successor(
    *,
    delegate: Delegate,
    fields: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Put another person in this one's place on the list, nominated; the former badge is void.

    Raises StepNotAllowed if the former one has already gone.
    """
    deed = Deed(now=now, actor=actor, label=actor_label)
    ensure_nominated(delegate)
    approved = stepping.accreditation_of(delegate).state == State.APPROVED
    former = stepping.take_step(
        delegate=delegate,
        to=State.SUBSTITUTED if approved else State.WITHDRAWN,
        deed=deed,
        reason=reason,
    )
    delegate.withdrawn_at = now
    delegate.save(update_fields=["withdrawn_at", "changed_at"])
    badging.revoke_badge(
        delegate=delegate, reason=reason, now=now, actor=actor, actor_label=actor_label
    )
    successor = add_member(
        delegation=delegate.delegation,
        fields={"role": delegate.role, "rank": delegate.rank, **fields},
        badge_class=former.badge_class,
        now=now,
        actor=actor,
        actor_label=actor_label,
    )
    delegate.substituted_by = successor
    delegate.save(update_fields=["substituted_by", "changed_at"])
    return successor
