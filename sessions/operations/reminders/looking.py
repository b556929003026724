"""The last look at a letter of reminders, in the moment before it leaves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from conference.models import Message, MessageStep
from conference.operations import mailing
from sessions.models import Reminder
from sessions.operations.reminders import reasons, sources
from sessions.operations.reminders.timing import is_too_late

_State = Reminder.State
_MISSED = mailing.Ending(
    state=Message.State.MISSED, kind=MessageStep.Kind.MISSED, rule=reasons.TOO_LATE
)


def last_look(message: Message, now: datetime) -> mailing.Ending | None:
    """Return how a letter ends of which a part is not to be sent any more; None to send it.

    Its other parts go into a new letter then, unless nobody knows whether this one has left: such
    a letter is sent as it is, so that they do not come twice.
    """
    parts = list(Reminder.objects.filter(message=message))
    open_parts = [part for part in parts if part.state == _State.IN_LETTER]
    wanted = sources.still_wanted(open_parts, now=now)
    late, needless, good = [], [], []
    for part in open_parts:
        place = wanted.get(part.key)
        if place is None:
            needless.append(part)
        elif is_too_late(send_at=part.send_at, ends_use=place.occasion.ends_use, now=now):
            late.append(part)
        else:
            good.append(part)
    if good and (len(good) == len(parts) or message.is_doubtful):
        return None
    _end(late, needless, good)
    if good:
        return _cancelled(reasons.REGROUPED)
    if late or any(part.state == _State.MISSED for part in parts):
        return _MISSED
    return _cancelled(reasons.NO_MORE)


@transaction.atomic
def _end(late: Iterable[Reminder], needless: Iterable[Reminder], good: Iterable[Reminder]) -> None:
    _in_letter(late).update(state=_State.MISSED, reason=reasons.TOO_LATE)
    _in_letter(needless).update(
        state=_State.CANCELLED, reason=reasons.NO_MORE, attempt=F("attempt") + 1
    )
    _in_letter(good).update(state=_State.PLANNED, message=None, attempt=F("attempt") + 1)


def _in_letter(reminders: Iterable[Reminder]) -> QuerySet[Reminder]:
    return Reminder.objects.filter(pk__in=[each.pk for each in reminders], state=_State.IN_LETTER)


def _cancelled(rule: str) -> mailing.Ending:
    return mailing.Ending(state=Message.State.CANCELLED, kind=MessageStep.Kind.CANCELLED, rule=rule)
