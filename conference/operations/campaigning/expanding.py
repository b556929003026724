"""A mailing becomes letters: in chunks, each whole or not at all, and resumed after any accident.

The mailing's row says up to whom letters are made. Whoever makes a chunk holds that row, so two
workers, two beats and a shell make each letter once; the key of a letter says so once more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from conference.errors import CampaignStepRefused
from conference.models import Campaign, Message
from conference.operations import mailing
from conference.operations.campaigning import audiences, files, living

#: Letters of one transaction: the first are on their way while the last are written.
CHUNK = 200
_State = Campaign.State
#: Letters are made for a mailing that is held or paused, too: they can be looked at.
_MADE = (_State.SENDING, _State.PAUSED)
Clock = Callable[[], datetime]


def expand_due(*, clock: Clock, within: timedelta | None = None) -> bool:
    """Start what is due, make letters, and note what is done; return whether more is to be made.

    Idempotent: called by workers, by beat's sweep and from the shell, at once if need be.
    """
    ends_at = clock() + within if within is not None else None
    start_scheduled(now=clock())
    for pk in _unfinished():
        while _expand(pk, clock()):
            if ends_at is not None and clock() >= ends_at:
                return True
    finish(now=clock())
    return False


def start_scheduled(*, now: datetime) -> int:
    """Start every mailing whose time has come by the clocks of its zone; return how many."""
    started = 0
    for campaign in Campaign.objects.filter(state=_State.SCHEDULED).select_related("conference"):
        due_at = campaign.due_at
        if due_at is None or due_at > now:
            continue
        # Who called it off or started it meanwhile was faster.
        try:
            living.start(campaign=campaign, now=now)
        except CampaignStepRefused:
            continue
        started += 1
    return started


def finish(*, now: datetime) -> int:
    """Note which mailings are done: all letters made, none on its way any more."""
    moving = Message.objects.filter(state__in=(Message.State.QUEUED, Message.State.CLAIMED))
    return (
        Campaign.objects.filter(state=_State.SENDING, expanded_at__lte=now)
        .exclude(audience="")
        .exclude(pk__in=moving.filter(campaign__isnull=False).values("campaign"))
        .update(state=_State.DONE)
    )


def _unfinished() -> list[int]:
    waiting = Campaign.objects.filter(state__in=_MADE, expanded_at=None).exclude(audience="")
    return list(waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expand(pk: int, now: datetime) -> bool:
    """Make the next chunk; return whether there may be another one for us."""
    campaign = (
        Campaign.objects.filter(pk=pk, state__in=_MADE, expanded_at=None)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("conference")
        .first()
    )
    if campaign is None:
        return False
    kind = audiences.kind_of(campaign)
    next_ones = files.served(campaign).filter(pk__gt=campaign.expanded_to)[:CHUNK]
    chosen = list(next_ones)
    reached = [member for member in chosen if kind.addressee(member).email]
    mailing.enqueue_all(
        conference=campaign.conference,
        campaign=campaign,
        letters=kind.write(campaign, reached, now),
        now=now,
    )
    is_last = len(chosen) < CHUNK
    Campaign.objects.filter(pk=pk).update(
        expanded_to=chosen[-1].pk if chosen else campaign.expanded_to,
        expanded_at=now if is_last else None,
    )
    return not is_last
