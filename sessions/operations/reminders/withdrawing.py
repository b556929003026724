"""Taking reminders back whose thing was moved or cancelled, or whose rule has changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from conference.models import Message, MessageStep
from conference.operations import mailing
from sessions.models import Reminder, Session
from sessions.operations.reminders import reasons

_State = Reminder.State


def withdraw_from_session(*, session: Session, now: datetime) -> int:
    """Take back the reminders of a session that have not left; return how many."""
    of_session = Reminder.objects.filter(
        conference_id=session.conference_id, thing=f"session:{session.pk}"
    )
    return withdraw(of_session, now=now)


@transaction.atomic
def withdraw(reminders: QuerySet[Reminder], *, now: datetime) -> int:
    """Take back those of these reminders that have not left; return how many.

    A letter that has not begun to leave is cancelled, and its other parts go into a new one. The
    next look decides anew about everything that still has a reason.
    """
    planned = reminders.filter(state=_State.PLANNED).update(
        state=_State.CANCELLED, reason=reasons.OTHER_TIME
    )
    letters = _cancel_letters(reminders, now)
    parts = Reminder.objects.filter(message__in=letters, state=_State.IN_LETTER)
    concerned = set(
        reminders.filter(message__in=letters, state=_State.IN_LETTER).values_list("pk", flat=True)
    )
    taken_out = parts.filter(pk__in=concerned).update(
        state=_State.CANCELLED, reason=reasons.OTHER_TIME, attempt=F("attempt") + 1
    )
    parts.exclude(pk__in=concerned).update(
        state=_State.PLANNED, message=None, attempt=F("attempt") + 1
    )
    return planned + taken_out


def _cancel_letters(reminders: QuerySet[Reminder], now: datetime) -> list[int]:
    """Cancel the letters of these reminders that are not leaving; return their ids."""
    abandoned = Q(state=Message.State.CLAIMED, lease_until__lt=now)
    waiting = Q(state__in=[Message.State.QUEUED, Message.State.FAILED, Message.State.INBOX])
    # One of which nobody knows whether it has left is not written anew: it would come twice.
    unsent = (waiting | abandoned) & Q(is_doubtful=False, handed_over_at=None)
    found = list(
        Message.objects.filter(
            unsent, pk__in=reminders.filter(state=_State.IN_LETTER).values("message")
        )
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if found:
        Message.objects.filter(pk__in=found).update(
            state=Message.State.CANCELLED, lease_until=None, claimed_by=""
        )
        mailing.record_steps(
            message_ids=found,
            kind=MessageStep.Kind.CANCELLED,
            at=now,
            rule=reasons.OTHER_TIME,
        )
    return found
