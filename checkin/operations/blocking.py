"""Persons who may enter nowhere for a time."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from checkin.models import Block
from conference.models import User
from conference.operations import auditing
from delegates.models import Delegate


def block_of(delegate: Delegate, now: datetime) -> Block | None:
    """Return the block of this person that stands at ``now``, if there is one."""
    return (
        Block.objects.filter(Q(until=None) | Q(until__gt=now), delegate=delegate, since__lte=now)
        .order_by("since")
        .first()
    )


@transaction.atomic
def block(*, delegate: Delegate, reason: str, now: datetime, actor: User | None = None) -> Block:
    """Let the person in nowhere from now on; a repeat changes nothing."""
    # Two who block at once make one block: the row of the person is what they wait for.
    Delegate.objects.select_for_update().get(pk=delegate.pk)
    standing = block_of(delegate, now)
    if standing is not None:
        return standing
    made = Block.objects.create(delegate=delegate, since=now, reason=reason)
    _record("delegate.block", delegate, reason, now, actor)
    return made


@transaction.atomic
def lift_block(*, delegate: Delegate, now: datetime, actor: User | None = None) -> None:
    """End every block of the person that stands; that there was one stays known."""
    standing = Block.objects.filter(Q(until=None) | Q(until__gt=now), delegate=delegate)
    if standing.filter(since__lte=now).update(until=now):
        _record("delegate.unblock", delegate, "", now, actor)


def _record(
    action: str, delegate: Delegate, reason: str, now: datetime, actor: User | None
) -> None:
    auditing.record(
        action=action,
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        reason=reason,
        now=now,
    )
