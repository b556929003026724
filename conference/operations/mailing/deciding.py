"""What a person decides about letters that did not leave, or of which nobody knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from conference.errors import MailingIsCancelled, MessageNotInDoubt, MessageNotRetryable
from conference.models import Campaign, Message, MessageStep, User
from conference.operations.mailing import fates, outcomes, rules
from conference.operations.mailing.steps import record_step, record_steps
from conference.operations.mailing.waking import wake, wake_lanes

#: The states from which a person may put a letter back into the queue.
RETRYABLE = (
    Message.State.FAILED,
    Message.State.UNCERTAIN,
    Message.State.MISSED,
    Message.State.INBOX,
)
#: The states that are retried many at once: what is in doubt or too late is looked at singly.
_TOGETHER = (Message.State.FAILED,)
_OF_CANCELLED = Q(campaign__state=Campaign.State.CANCELLED)


def may_retry(letter: Message) -> bool:
    """Tell whether a person may send it again; the letter was asked for with its fate."""
    if letter.campaign is not None and letter.campaign.state == Campaign.State.CANCELLED:
        return False
    return letter.state in RETRYABLE or letter.has_come_back


def failed_of(letters: QuerySet[Message]) -> QuerySet[Message]:
    """Return those of the letters that can be retried together: nothing of cancelled mailings."""
    return letters.filter(state__in=_TOGETHER).exclude(to_email="").exclude(_OF_CANCELLED)


def lost_of(letters: QuerySet[Message]) -> QuerySet[Message]:
    """Return those of cancelled mailings that did not arrive: nobody can send them again."""
    spent = letters.filter(_OF_CANCELLED)
    lost: QuerySet[Message] = spent.filter(
        Q(state=Message.State.FAILED) | Q(pk__in=fates.come_back(spent).values("pk"))
    )
    return lost


@transaction.atomic
def retry(*, message_id: int, now: datetime, actor: User | None = None) -> None:
    """Put a failed, held or missed letter back into the queue, or one that came back.

    Raises MessageNotRetryable, and MailingIsCancelled where nothing of its mailing leaves any more.
    """
    letter = Message.objects.filter(pk=message_id)
    if letter.filter(_OF_CANCELLED).exists():
        raise MailingIsCancelled
    changed = letter.filter(state__in=RETRYABLE).update(**_afresh(now))
    if not changed and fates.come_back(letter).exists():
        # It is known not to have arrived, so it goes to the address that holds by now.
        changed = letter.filter(state=Message.State.SENT).update(
            sent_at=None, is_doubtful=False, **_afresh(now)
        )
    if not changed:
        raise MessageNotRetryable
    record_step(
        message_id=message_id,
        kind=MessageStep.Kind.RETRIED,
        at=now,
        rule=rules.BY_HAND,
        actor=actor,
    )
    _tell([message_id], MessageStep.Kind.RETRIED, now)
    wake(message_id=message_id)


@transaction.atomic
def retry_all(*, letters: QuerySet[Message], now: datetime, actor: User | None = None) -> int:
    """Put every failed letter among these back into the queue; return how many they are."""
    found: Sequence[int] = list(
        failed_of(letters)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
    Message.objects.filter(pk__in=found, state__in=_TOGETHER).update(**_afresh(now))
    record_steps(
        message_ids=found, kind=MessageStep.Kind.RETRIED, at=now, rule=rules.BY_HAND, actor=actor
    )
    _tell(found, MessageStep.Kind.RETRIED, now)
    if found:
        transaction.on_commit(wake_lanes, robust=True)
    return len(found)


@transaction.atomic
def settle(*, message_id: int, now: datetime, actor: User | None = None) -> None:
    """Note that a letter in doubt has arrived; raises MessageNotInDoubt."""
    changed = Message.objects.filter(pk=message_id, state=Message.State.UNCERTAIN).update(
        state=Message.State.SENT,
        sent_at=Coalesce(F("handed_over_at"), now),
        handed_over_at=None,
        lease_until=None,
    )
    if not changed:
        raise MessageNotInDoubt
    record_step(
        message_id=message_id,
        kind=MessageStep.Kind.SETTLED,
        at=now,
        rule=rules.BY_HAND,
        actor=actor,
    )
    _tell([message_id], MessageStep.Kind.SETTLED, now)


def _afresh(now: datetime) -> dict[str, Any]:
    return {
        "state": Message.State.QUEUED,
        "due_at": now,
        "attempts": 0,
        "abandoned": 0,
        "handed_over_at": None,
    }


def _tell(message_ids: Sequence[int], kind: str, now: datetime) -> None:
    for message in Message.objects.filter(pk__in=message_ids).defer("body_text", "body_html"):
        outcomes.tell(outcomes.Outcome(message=message, kind=kind, at=now))
