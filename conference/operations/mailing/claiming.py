"""Taking letters for sending, a handful at once: each has one holder, and for a short time only.

The holder's name and the count of attempts are the proof of a claim; every later write asks for
both, so a worker that comes back late changes nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q, QuerySet

from conference.models import Campaign, Message, MessageStep
from conference.models.campaign import HOLDING_BACK
from conference.operations.mailing import outcomes, pacing, rules
from conference.operations.mailing.finishing import finish_mailings_of
from conference.operations.mailing.letters import domain_of
from conference.operations.mailing.steps import record_step, record_steps

#: So many letters are taken at once, at most.
HANDFUL = 50
#: A letter that workers left behind so often is taken by itself from then on.
_SUSPECT = 4
#: Left behind so often it is given up. The retry ladder counts answers, and no deaths.
_MOST = 20
#: The states of a mailing in which none of its letters begins to leave.
_NOT_LEAVING = (*HOLDING_BACK, Campaign.State.CANCELLED)
_logger = logging.getLogger(__name__)
_State = Message.State
_Kind = MessageStep.Kind


def lease() -> timedelta:
    """Return for how long a worker holds a letter: longer than one SMTP transaction can take."""
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def claim(*, message_id: int, worker: str, now: datetime) -> Message | None:
    """Take the letter for sending, or return None if it is not due or another worker has it."""
    taken = _take(Message.objects.filter(pk=message_id), worker=worker, now=now, limit=1)
    return taken[0] if taken else None


def claim_handful(*, worker: str, now: datetime, limit: int = HANDFUL) -> list[Message]:
    """Take the next letters for sending; none twice, however many workers ask at once.

    Single letters go before those of mailings: a sign-in or a reminder does not wait for
    thousands of invitations.
    """
    return _take(Message.objects.all(), worker=worker, now=now, limit=limit)


def hold_doubtful(*, now: datetime) -> int:
    """Hold letters whose worker vanished in the middle and which must not be sent twice."""
    with transaction.atomic():
        found = list(
            Message.objects.to_hold(now)
            .select_for_update(skip_locked=True, of=("self",))
            .only("pk", "claimed_by", "campaign_id")
        )
        _mark_left(found, now, kind=_Kind.UNCERTAIN, rule=rules.DOUBT_HOLD)
        Message.objects.filter(pk__in=[message.pk for message in found]).update(
            state=_State.UNCERTAIN, lease_until=None, claimed_by="", is_doubtful=True
        )
    finish_mailings_of(found)
    return len(found)


def readdress(message: Message, *, to_email: str, now: datetime) -> None:
    """Give a letter that is held and not begun another address; nothing where the claim is lost."""
    former, domain = message.to_email, domain_of(to_email)
    with transaction.atomic():
        mine = Message.objects.filter(
            pk=message.pk,
            state=_State.CLAIMED,
            claimed_by=message.claimed_by,
            attempts=message.attempts,
        )
        if not mine.update(to_email=to_email, domain=domain):
            return
        record_step(
            message_id=message.pk,
            kind=_Kind.CHANGED,
            at=now,
            rule=rules.ADDRESS_CHANGED,
            answer=f"{former} → {to_email or '–'}",
            worker=message.claimed_by,
        )
    message.to_email, message.domain = to_email, domain


def begin(message: Message, *, now: datetime, without: Sequence[str] = ()) -> bool:
    """Mark, just before the text goes over the line, that from now on a crash leaves a doubt.

    ``without`` names the files that the letter goes without, which is written down before.
    Returns False where the claim was lost meanwhile, or the mailing paused or cancelled: then
    nothing may be sent.
    """
    with transaction.atomic():
        if not _held(message, now).update(handed_over_at=now, lease_until=now + lease()):
            return False
        if without:
            record_step(
                message_id=message.pk,
                kind=_Kind.WITHOUT,
                at=now,
                answer=", ".join(without),
                rule=rules.WITHOUT,
                worker=message.claimed_by,
            )
        record_step(
            message_id=message.pk,
            kind=_Kind.RESENT if message.is_doubtful else _Kind.HANDED_OVER,
            at=now,
            rule=rules.DOUBT_RESEND if message.is_doubtful else rules.MARK_FIRST,
            worker=message.claimed_by,
        )
    return True


def finish(
    message: Message,
    *,
    now: datetime,
    kind: str,
    rule: str,
    answer: str = "",
    **fields: object,
) -> bool:
    """End the claim with these fields, and write down why; False where it was lost meanwhile."""
    with transaction.atomic():
        changed = Message.objects.filter(
            pk=message.pk,
            state=_State.CLAIMED,
            claimed_by=message.claimed_by,
            attempts=message.attempts,
        ).update(**({"lease_until": None, "claimed_by": "", "handed_over_at": None} | fields))
        if changed:
            record_step(
                message_id=message.pk,
                kind=kind,
                at=now,
                rule=rule,
                answer=answer,
                worker=message.claimed_by,
            )
            # A letter that fails because its address is blocked was refused by an earlier answer.
            is_blocked = kind == _Kind.SUPPRESSED and fields["state"] == _State.FAILED
            if is_blocked or (kind == _Kind.REFUSED and rule in rules.FOR_GOOD):
                _tell(message, _Kind.REFUSED, now, answer, rule)
            elif kind == _Kind.ACCEPTED:
                _tell(message, kind, now, answer, rule)
    return bool(changed)


def accept(message: Message, *, now: datetime, answer: str) -> None:
    """Mark the letter as sent: the server took it, and said so.

    That also counts where the claim was lost meanwhile, as of a worker that slept: nobody need
    send the letter again or ask what became of it. Where another worker was quicker, the step
    alone tells that it left twice.
    """
    sent: dict[str, object] = {"state": _State.SENT, "sent_at": now, "server_answer": answer}
    if finish(
        message,
        now=now,
        kind=_Kind.ACCEPTED,
        rule=rules.TAKEN_IS_SENT,
        answer=answer,
        **sent,
    ):
        return
    with transaction.atomic():
        known = MessageStep.objects.filter(
            message=message.pk, kind=_Kind.ACCEPTED, at=now, worker=message.claimed_by
        )
        if known.exists():
            # It was kept, and only the database's own answer to that was lost.
            return
        # Whatever has become of it since: a doubt is ended by the server's word.
        in_doubt = Q(state__in=(_State.CLAIMED, _State.UNCERTAIN)) | Q(
            ~Q(state=_State.SENT), is_doubtful=True
        )
        Message.objects.filter(in_doubt, pk=message.pk).update(
            lease_until=None, claimed_by="", handed_over_at=None, **sent
        )
        record_step(
            message_id=message.pk,
            kind=_Kind.ACCEPTED,
            at=now,
            rule=rules.LATE_WORD,
            answer=answer,
            worker=message.claimed_by,
        )
        _tell(message, _Kind.ACCEPTED, now, answer, rules.LATE_WORD)


def release(messages: Sequence[Message], *, now: datetime, rule: str = rules.TURN_ENDED) -> None:
    """Put letters back that were taken and not begun; it does not count as an attempt."""
    if not messages:
        return
    with transaction.atomic():
        mine = Message.objects.filter(
            pk__in=[message.pk for message in messages],
            state=_State.CLAIMED,
            claimed_by=messages[0].claimed_by,
        )
        released = list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))
        Message.objects.filter(pk__in=released).update(
            state=_State.QUEUED, lease_until=None, claimed_by="", attempts=F("attempts") - 1
        )
        record_steps(
            message_ids=released,
            kind=_Kind.RELEASED,
            at=now,
            rule=rule,
            worker=messages[0].claimed_by,
        )


@transaction.atomic
def _take(among: QuerySet[Message], *, worker: str, now: datetime, limit: int) -> list[Message]:
    holder = worker[:120]
    due = among.due(now)  # type: ignore[attr-defined]
    chosen = _apart(pacing.choose(due, worker=holder, now=now, limit=limit), now)
    if not chosen:
        return []
    ids = [message.pk for message in chosen]
    _take_over([message for message in chosen if message.claimed_by], now)
    Message.objects.filter(pk__in=ids).update(
        state=_State.CLAIMED,
        claimed_by=holder,
        lease_until=now + lease(),
        handed_over_at=None,
        attempts=F("attempts") + 1,
    )
    record_steps(message_ids=ids, kind=_Kind.CLAIMED, at=now, rule=rules.ONE_WORKER, worker=holder)
    taken = Message.objects.select_related("conference", "campaign").in_bulk(ids)
    return [taken[pk] for pk in ids]


def _take_over(left: Sequence[Message], now: datetime) -> None:
    """Write down that these were left behind, in doubt those that had begun to leave."""
    if not left:
        return
    begun = [message for message in left if message.handed_over_at is not None]
    unsent = [message for message in left if message.handed_over_at is None]
    _mark_left(begun, now, kind=_Kind.UNCERTAIN, rule=rules.DOUBT_RESEND)
    _mark_left(unsent, now, kind=_Kind.RELEASED, rule=rules.LEFT_BEHIND)
    begun_ids = [message.pk for message in begun]
    Message.objects.filter(pk__in=begun_ids).update(is_doubtful=True)
    Message.objects.filter(pk__in=[message.pk for message in left]).update(
        abandoned=F("abandoned") + 1
    )


def _apart(chosen: list[Message], now: datetime) -> list[Message]:
    """Return what is taken of these: letters over which workers died again and again singly, last.

    Else one letter that kills its worker would keep its whole handful from leaving, for ever. In
    the end it is given up.
    """
    suspects = [each for each in chosen if each.claimed_by and _deaths(each) >= _SUSPECT]
    if len(suspects) < len(chosen):
        return [each for each in chosen if each not in suspects]
    for each in suspects:
        if _deaths(each) < _MOST:
            return [each]
        _give_up(each, now)
    return []


def _deaths(message: Message) -> int:
    """Return how often it was left behind, with the holder it still has."""
    return message.abandoned + 1


def _give_up(message: Message, now: datetime) -> None:
    has_begun = message.handed_over_at is not None
    Message.objects.filter(pk=message.pk).update(
        state=_State.FAILED,
        lease_until=None,
        claimed_by="",
        handed_over_at=None,
        abandoned=_deaths(message),
        **({"is_doubtful": True} if has_begun else {}),
    )
    record_step(
        message_id=message.pk,
        kind=_Kind.UNCERTAIN if has_begun else _Kind.REFUSED,
        at=now,
        rule=rules.WORKERS_DIED,
        worker=message.claimed_by,
    )


def _tell(message: Message, kind: str, now: datetime, answer: str, rule: str) -> None:
    """Tell whose letter it was; a mistake there must not keep the letter in our hands."""
    outcome = outcomes.Outcome(
        message=message,
        kind=kind,
        at=now,
        answer=answer,
        is_of_no_address=rule == rules.NO_SUCH_ADDRESS,
    )
    try:
        with transaction.atomic():
            outcomes.tell(outcome)
    except OperationalError:
        raise
    except Exception:
        _logger.exception("Nobody was told that letter %s was %s.", message.pk, kind)


def _held(message: Message, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        Q(lease_until__gte=now),
        pk=message.pk,
        state=_State.CLAIMED,
        claimed_by=message.claimed_by,
        attempts=message.attempts,
    ).exclude(campaign__in=Campaign.objects.filter(state__in=_NOT_LEAVING).values("pk"))


def _mark_left(messages: Sequence[Message], now: datetime, *, kind: str, rule: str) -> None:
    for worker in sorted({message.claimed_by for message in messages}):
        of_worker = [message.pk for message in messages if message.claimed_by == worker]
        record_steps(message_ids=of_worker, kind=kind, at=now, rule=rule, worker=worker)
