"""Who works on a conference, and in which part."""

from datetime import datetime

from django.db import IntegrityError, transaction

from conference.errors import LastOrganiser
from conference.models import Conference, Membership, Role, User
from conference.operations import auditing


@transaction.atomic
def give_role(
    *, conference: Conference, email: str, name: str, role: str, actor: User | None, now: datetime
) -> Membership:
    """Give the person with this e-mail a role, making the account where there is none.

    Raises LastOrganiser when this would leave the conference without an organiser.
    """
    _lock(conference)
    user = _account_of(email, name)
    membership = Membership.objects.filter(conference=conference, user=user).first()
    before = membership.role if membership else ""
    if membership is None:
        membership = Membership(conference=conference, user=user)
    elif before == Role.ORGANISER and role != Role.ORGANISER:
        _refuse_without(membership)
    membership.role = role
    membership.save()
    auditing.record(
        action="team.give_role",
        target=membership,
        conference=conference,
        actor=actor,
        before={"role": before},
        after={"role": role, "email": user.email},
        now=now,
    )
    return membership


@transaction.atomic
def take_role_away(*, membership_id: int, actor: User | None, now: datetime) -> None:
    """End a person's part in the conference; raises LastOrganiser for the last one."""
    membership = Membership.objects.select_related("conference", "user").get(pk=membership_id)
    _lock(membership.conference)
    if membership.role == Role.ORGANISER:
        _refuse_without(membership)
    auditing.record(
        action="team.take_role_away",
        target=membership,
        conference=membership.conference,
        actor=actor,
        before={"role": membership.role, "email": membership.user.email},
        now=now,
    )
    membership.delete()


def _account_of(email: str, name: str) -> User:
    known = User.objects.filter(email__iexact=email)
    try:
        with transaction.atomic():
            return known.first() or User.objects.create_user(email=email, name=name)
    except IntegrityError:
        # Another conference has made the account between our look and our deed.
        return known.get()


def _lock(conference: Conference) -> None:
    # Two organisers who remove each other at once: the second waits and is refused.
    Conference.objects.select_for_update().get(pk=conference.pk)


def _refuse_without(membership: Membership) -> None:
    others = Membership.objects.filter(
        conference=membership.conference, role=Role.ORGANISER
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOrganiser
