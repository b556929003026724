"""The regular look at the outbox, from which everything goes on after a loss."""

from datetime import datetime

from django.conf import settings

from conference.models import Message
from conference.operations.mailing.claiming import hold_doubtful
from conference.operations.mailing.waking import wake_lanes


def sweep(*, now: datetime) -> int:
    """Hold what must not be sent twice and wake workers if anything is due; return how many.

    Looking twice at once does no harm: the workers that are woken find the letters taken.
    """
    hold_doubtful(now=now)
    waiting = len(due_message_ids(now=now))
    if waiting:
        # No more requests than letters or lanes, and none that outlives the next look.
        wake_lanes(lanes=min(waiting, settings.MAIL_LANES), expires=settings.SWEEP_SECONDS)
    return waiting


def due_message_ids(*, now: datetime, limit: int = 200) -> list[int]:
    """Return the ids of letters that wait to be sent, the oldest first."""
    return list(Message.objects.due(now).order_by("due_at").values_list("pk", flat=True)[:limit])


def is_something_left(*, now: datetime) -> bool:
    """Tell whether a letter is due or held by a worker, so that more is to come without delay."""
    return (
        Message.objects.due(now).exists()
        or Message.objects.filter(state=Message.State.CLAIMED).exists()
    )
