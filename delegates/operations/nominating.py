"""Filling a delegation's list: who comes and who heads it, until it is submitted.

Organisers use these as they are. A focal point's pages call ``refuse_if_closed`` first, and leave
``person_fields.locked_fields`` alone. Leaving and substitution are in ``substituting``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, User
from conference.operations import auditing
from delegates.errors import DelegateIncomplete, HeadAlreadyNamed, NominationClosed, StepNotAllowed
from delegates.models import Accreditation, BadgeClass, Delegate, Delegation
from delegates.operations import stepping
from delegates.operations.missing import needed_before_approval
from delegates.operations.person_fields import as_json, known_fields
from delegates.operations.stepping import Deed

State = Accreditation.State

_CLASS_OF_ROLE: dict[str, str] = {
    Delegate.Role.INTERPRETER: "interpreter",
    Delegate.Role.SPOUSE: "accompanying",
    Delegate.Role.STAFF: "staff",
}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What became of a submitted list: who was submitted, and who is incomplete and stays."""

    submitted: list[Delegate] = field(default_factory=list)
    incomplete: list[Delegate] = field(default_factory=list)


def refuse_if_closed(*, delegation: Delegation, now: datetime) -> None:
    """Raise NominationClosed if the delegation's focal point may no longer change the list."""
    if not delegation.nominations_open(delegation.conference.today(now)):
        raise NominationClosed


def default_badge_class(*, conference: Conference, role: str) -> BadgeClass:
    """Return the badge class for a role: its own if the conference has one, else the delegates'.

    A conference without any class gets the delegates' class.
    """
    classes = {badge_class.code: badge_class for badge_class in conference.badge_classes.all()}
    for code in (_CLASS_OF_ROLE.get(role, ""), "delegate"):
        if code in classes:
            return classes[code]
    if classes:
        return min(classes.values(), key=lambda badge_class: badge_class.number)
    first, _is_new = BadgeClass.objects.get_or_create(
        conference=conference,
        code="delegate",
        defaults={"number": 1, "name_en": "Delegate", "name_zh": "代表"},
    )
    return first


@transaction.atomic
def add_member(
    *,
    delegation: Delegation,
    fields: Mapping[str, Any],
    now: datetime,
    badge_class: BadgeClass | None = None,
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Put a person on the delegation's list; ``fields`` are of PERSON_FIELDS.

    Raises HeadAlreadyNamed if the role is taken, QuotaExhausted if no place is left.
    """
    delegate = Delegate(
        conference=delegation.conference, delegation=delegation, **known_fields(fields)
    )
    with one_head():
        delegate.save()
    chosen = badge_class or default_badge_class(
        conference=delegation.conference, role=delegate.role
    )
    stepping.take_place(delegation=delegation, badge_class=chosen)
    Accreditation.objects.create(delegate=delegate, badge_class=chosen)
    auditing.record(
        action="delegate.add",
        target=delegate,
        conference=delegation.conference,
        actor=actor,
        actor_label=actor_label,
        after=as_json(fields),
        now=now,
    )
    return delegate


@transaction.atomic
def change_member(
    *,
    delegate: Delegate,
    fields: Mapping[str, Any],
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Change what is known of a person; nothing is written or recorded where nothing differs.

    A badge already printed stays valid: a changed name is reprinted by hand. Raises
    HeadAlreadyNamed if the role is taken.
    """
    changed = {
        name: value
        for name, value in known_fields(fields).items()
        if getattr(delegate, name) != value
    }
    if not changed:
        return delegate
    before = {name: getattr(delegate, name) for name in changed}
    for name, value in changed.items():
        setattr(delegate, name, value)
    try:
        with one_head():
            delegate.save(update_fields=[*changed, "changed_at"])
    except HeadAlreadyNamed:
        delegate.refresh_from_db()
        raise
    auditing.record(
        action="delegate.change",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        actor_label=actor_label,
        before=as_json(before),
        after=as_json(changed),
        now=now,
    )
    return delegate


@transaction.atomic
def name_head(
    *,
    delegate: Delegate,
    now: datetime,
    replacing: Delegate | None = None,
    actor: User | None = None,
    actor_label: str = "",
) -> Delegate:
    """Make this person the head; ``replacing`` is the present head, who becomes a member.

    Raises HeadAlreadyNamed if somebody other than ``replacing`` is the head, StepNotAllowed if
    the person has withdrawn.
    """
    if delegate.withdrawn_at is not None:
        raise StepNotAllowed(_("This person has withdrawn."))
    if replacing is not None and replacing.role == Delegate.Role.HEAD and replacing != delegate:
        change_member(
            delegate=replacing,
            fields={"role": Delegate.Role.MEMBER},
            now=now,
            actor=actor,
            actor_label=actor_label,
        )
    return change_member(
        delegate=delegate,
        fields={"role": Delegate.Role.HEAD},
        now=now,
        actor=actor,
        actor_label=actor_label,
    )


@transaction.atomic
def remove_member(
    *, delegate: Delegate, now: datetime, actor: User | None = None, actor_label: str = ""
) -> None:
    """Delete a person who was never submitted; raises StepNotAllowed for all others.

    What was known of the person stays in the record of deeds only as a name.
    """
    accreditation = Accreditation.objects.filter(delegate=delegate).first()
    if accreditation is not None:
        if accreditation.state != State.NOMINATED or delegate.badges.exists():
            raise stepping.step_refused(accreditation)
        stepping.give_back_place(
            delegation=delegate.delegation, badge_class=accreditation.badge_class
        )
    auditing.record(
        action="delegate.remove",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        actor_label=actor_label,
        now=now,
    )
    delegate.delete()


@transaction.atomic
def submit_member(
    *, delegate: Delegate, now: datetime, actor: User | None = None, actor_label: str = ""
) -> Accreditation:
    """Ask for this person's accreditation; raises StepNotAllowed, DelegateIncomplete."""
    if missing := needed_before_approval(delegate):
        raise DelegateIncomplete(missing[0].sentence)
    ensure_nominated(delegate)
    deed = Deed(now=now, actor=actor, label=actor_label)
    return stepping.take_step(delegate=delegate, to=State.SUBMITTED, deed=deed)


@transaction.atomic
def submit_list(
    *, delegation: Delegation, now: datetime, actor: User | None = None, actor_label: str = ""
) -> Submission:
    """Ask for the accreditation of everybody on the list who is complete and only nominated.

    The incomplete stay nominated and are returned. Raises DelegateIncomplete if nobody is on the
    list, or if all who wait to be submitted are incomplete.
    """
    outcome = Submission()
    members = delegation.delegates.attending().select_related("accreditation", "conference")
    if not members:
        raise DelegateIncomplete(_("Nobody is on the list yet."))
    for delegate in members:
        accreditation = getattr(delegate, "accreditation", None)
        if accreditation is not None and accreditation.state != State.NOMINATED:
            continue
        if needed_before_approval(delegate):
            outcome.incomplete.append(delegate)
            continue
        submit_member(delegate=delegate, now=now, actor=actor, actor_label=actor_label)
        outcome.submitted.append(delegate)
    if outcome.incomplete and not outcome.submitted:
        raise DelegateIncomplete
    delegation.submitted_at = now
    delegation.save(update_fields=["submitted_at"])
    auditing.record(
        action="delegation.submit",
        target=delegation,
        conference=delegation.conference,
        actor=actor,
        actor_label=actor_label,
        after={"submitted": len(outcome.submitted), "incomplete": len(outcome.incomplete)},
        now=now,
    )
    return outcome


def ensure_nominated(delegate: Delegate) -> None:
    """Give a person from a copied list the accreditation that a nominated one has."""
    if Accreditation.objects.filter(delegate=delegate).exists():
        return
    badge_class = default_badge_class(conference=delegate.conference, role=delegate.role)
    _accreditation, is_new = Accreditation.objects.get_or_create(
        delegate=delegate, defaults={"badge_class": badge_class}
    )
    if is_new:
        stepping.take_place(delegation=delegate.delegation, badge_class=badge_class)


@contextmanager
def one_head() -> Iterator[None]:
    """Turn the constraint's answer into the refusal; the savepoint keeps the transaction alive."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        words = str(problem)
        # SQLite names the column of a partial unique index, PostgreSQL the index.
        if "one_head_per_delegation" in words or "delegate.delegation_id" in words:
            raise HeadAlreadyNamed from problem
        raise
