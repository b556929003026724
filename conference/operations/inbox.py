"""The letters of one person, on pages of their own: what mail may have failed to bring is here.

A letter is there from the moment at which it was to leave, whatever became of it on its way by
mail. One that was withdrawn, because its occasion was gone, is not.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least

from conference.models import Campaign, Conference, LetterReading, Message, MessageStep
from conference.models.campaign import HOLDING_BACK

_State = Message.State
_Kind = MessageStep.Kind
_HELD_BACK = (*HOLDING_BACK, Campaign.State.CANCELLED)


def has_one(whose: str) -> bool:
    """Tell whether a recipient such as "delegate:12" has an inbox."""
    return whose.startswith("delegate:")


def letters_for(*, conference: Conference, whose: str, now: datetime) -> QuerySet[Message]:
    """Return the letters in the inbox of a recipient such as "delegate:12", the newest first.

    Each has ``shown_at``, ``is_read`` and ``missed_mail``: that it did not arrive by mail, as far
    as is known.
    """
    return (
        all_letters(now=now)
        .filter(conference=conference, recipient=whose)
        .annotate(
            shown_at=Least(
                Coalesce("sent_at", "due_at"),
                Value(now, output_field=DateTimeField()),
                output_field=DateTimeField(),
            ),
            is_read=Exists(LetterReading.objects.filter(message=OuterRef("pk"))),
            missed_mail=Q(state__in=[_State.FAILED, _State.CANCELLED, _State.INBOX])
            | _has_step(_Kind.BOUNCED),
        )
        .order_by("-shown_at", "-pk")
    )


def all_letters(*, now: datetime) -> QuerySet[Message]:
    """Return the letters that are in anybody's inbox."""
    letters: QuerySet[Message] = Message.objects.filter(_is_there(now))
    return letters


def unread(*, conference: Conference, whose: str, now: datetime) -> int:
    """Return how many letters of the inbox were not read yet."""
    return all_letters(now=now).filter(conference=conference, recipient=whose, reading=None).count()


def is_there(message: Message, now: datetime) -> bool:
    """Tell whether the letter is to be found in its recipient's inbox now."""
    return all_letters(now=now).filter(pk=message.pk).exists()


def mark_read(*, letters: Iterable[Message], now: datetime) -> None:
    """Note that these letters were read; the first time stays."""
    LetterReading.objects.bulk_create(
        [LetterReading(message=letter, read_at=now) for letter in letters], ignore_conflicts=True
    )


def _is_there(now: datetime) -> Q:
    has_left = Q(
        state__in=[_State.SENT, _State.UNCERTAIN, _State.FAILED, _State.CLAIMED, _State.INBOX]
    )
    is_leaving = Q(state=_State.QUEUED) & (Q(due_at__lte=now) | Q(attempts__gt=0))
    # Its address is blocked; its occasion is not gone.
    stopped = Q(state=_State.CANCELLED) & _has_step(_Kind.SUPPRESSED)
    in_time = Q(campaign=None) | ~Q(campaign__state__in=_HELD_BACK) | Q(state=_State.SENT)
    return (has_left | is_leaving | stopped) & in_time


def _has_step(kind: str) -> Q:
    return Q(Exists(MessageStep.objects.filter(message=OuterRef("pk"), kind=kind)))
