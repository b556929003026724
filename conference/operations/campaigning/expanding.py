"""A mailing becomes letters: in chunks, each whole or not at all, and resumed after any accident.

The mailing's row says up to whom letters are made. Whoever makes a chunk holds that row, so two
workers, two beats and a shell make each letter once; the key of a letter says so once more.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from conference.errors import DomainError
from conference.models import Campaign
from conference.operations import mailing
from conference.operations.campaigning import audiences, files, living

#: Letters of one transaction: the first are on their way while the last are written.
CHUNK = 200
_State = Campaign.State
#: Letters are made for a mailing that is held or paused, too: they can be looked at.
_MADE = (_State.SENDING, _State.PAUSED)
Clock = Callable[[], datetime]
_logger = logging.getLogger(__name__)


def expand_due(*, clock: Clock, within: timedelta | None = None) -> bool:
    """Start what is due, make letters, and note what is done; return whether more is to be made.

    Idempotent: called by workers, by beat's sweep and from the shell, at once if need be. A mistake
    about one mailing is logged, and keeps none of the others back.
    """
    ends_at = clock() + within if within is not None else None
    start_scheduled(now=clock())
    for pk in _unfinished():
        try:
            while _expand(pk, clock()):
                if ends_at is not None and clock() >= ends_at:
                    return True
        except DatabaseError:
            raise
        except Exception:
            _logger.exception("Letters of mailing %s could not be made.", pk)
    mailing.finish_mailings()
    return False


def start_scheduled(*, now: datetime) -> int:
    """Start every mailing whose time has come by the clocks of its zone; return how many."""
    waiting = Campaign.objects.filter(state=_State.SCHEDULED).order_by("pk")
    return sum(_start_if_due(pk, now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _start_if_due(pk: int, now: datetime) -> bool:
    """Start a scheduled mailing; not one that was called off or put off since we looked."""
    campaign = (
        Campaign.objects.filter(pk=pk, state=_State.SCHEDULED)
        .select_for_update(of=("self",), no_key=True)
        .select_related("conference")
        .first()
    )
    if campaign is None:
        return False
    try:
        due_at = campaign.due_at
    except (LookupError, ValueError, OSError):
        _logger.exception("When mailing %s is to leave cannot be told.", pk)
        return False
    if due_at is None or due_at > now:
        return False
    try:
        with transaction.atomic():
            living.start(campaign=campaign, now=now)
    except DomainError as refusal:
        # Such as a deadline that passed while nothing ran: nobody is told, a person decides.
        _logger.warning("Mailing %s does not leave: %s", pk, refusal)
        living.unschedule(campaign=campaign, now=now)
        return False
    return True


def _unfinished() -> list[int]:
    waiting = Campaign.objects.filter(state__in=_MADE, expanded_at=None).exclude(audience="")
    return list(waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expand(pk: int, now: datetime) -> bool:
    """Make the next chunk; return whether there may be another one for us."""
    campaign = (
        Campaign.objects.filter(pk=pk, state__in=_MADE, expanded_at=None)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
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
