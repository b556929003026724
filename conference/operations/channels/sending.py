"""Sending notices: claimed with a lease like letters, their end committed at once.

A worker that dies in between leaves a claim that runs out; the next one sends the same ``uid``
again, by which browsers and services tell the repeat.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet

from conference.models import MessageStep, Notice
from conference.operations import inbox, mailing
from conference.operations.channels import purposes, rules
from conference.operations.channels.contract import (
    GoneError,
    Night,
    RefusedError,
    TryLaterError,
    Way,
)
from conference.operations.channels.ways import way_of
from conference.operations.mailing.keeping import patiently

#: What could not be said within this time is no news any more.
NEWS = timedelta(hours=2)
_HANDFUL = 20
_State = Notice.State
_Kind = MessageStep.Kind
_logger = logging.getLogger(__name__)


def send_due(*, worker: str, clock: mailing.Clock, within: timedelta | None = None) -> mailing.Turn:
    """Send what is due until nothing is left, or the time is used up."""
    turn = mailing.Turn()
    ends_at = clock() + within if within is not None else None
    while handful := _claim(worker=worker, now=clock()):
        # A slow service must not let the leases of the last ones run out in our hands.
        too_long = clock() + mailing.lease() / 2
        for position, notice in enumerate(handful):
            if position and clock() >= too_long:
                _release(handful[position:])
                break
            if ends_at is not None and clock() >= ends_at:
                _release(handful[position:])
                turn.is_unfinished = True
                return turn
            turn.count(_send(notice, clock))
    return turn


@transaction.atomic
def _claim(*, worker: str, now: datetime) -> list[Notice]:
    due = Notice.objects.due(now).order_by("due_at", "pk")
    ids = [each.pk for each in due.select_for_update(skip_locked=True, of=("self",))[:_HANDFUL]]
    Notice.objects.filter(pk__in=ids, state=_State.CLAIMED).update(abandoned=F("abandoned") + 1)
    Notice.objects.filter(pk__in=ids).update(
        state=_State.CLAIMED,
        claimed_by=worker[:120],
        lease_until=now + mailing.lease(),
        attempts=F("attempts") + 1,
    )
    taken = Notice.objects.select_related("message__conference", "message__campaign").in_bulk(ids)
    return [taken[pk] for pk in ids]


def _release(notices: list[Notice]) -> None:
    for notice in notices:
        Notice.objects.filter(
            pk=notice.pk, state=_State.CLAIMED, claimed_by=notice.claimed_by
        ).update(state=_State.QUEUED, lease_until=None, claimed_by="", attempts=F("attempts") - 1)


@dataclass(frozen=True, kw_only=True)
class _End:
    """How one attempt ends: the state, the step, the rule behind it and the other side's words."""

    state: str
    kind: str
    rule: str
    words: str = ""
    reference: str = ""
    due_at: datetime | None = None


def _send(notice: Notice, clock: mailing.Clock) -> str:
    way = way_of(notice.channel)
    now = clock()
    end = _last_word_on(notice, way, now)
    if end is None:
        night = purposes.night_of(notice.message, notice.channel, now)
        if night is not None:
            patiently(partial(_wait, notice, night, now))
            return _State.QUEUED
    if end is None and way is not None:
        end = _attempt(notice, way, now)
    assert end is not None
    # What the other side said must not be lost, or it is told twice.
    patiently(partial(_finish, notice, end, clock()))
    return end.state


def _last_word_on(notice: Notice, way: Way | None, now: datetime) -> _End | None:
    """Return how the notice ends without being sent, or None to send it."""
    if now > (notice.waited_until or notice.created_at) + NEWS:
        return _End(state=_State.CANCELLED, kind=_Kind.MISSED, rule=rules.TOO_LATE)
    if way is None:
        return _End(state=_State.CANCELLED, kind=_Kind.CANCELLED, rule=rules.GONE)
    if not inbox.is_there(notice.message, now) or mailing.is_occasion_gone(notice.message, now):
        return _End(state=_State.CANCELLED, kind=_Kind.CANCELLED, rule=rules.OBSOLETE)
    return None


def _attempt(notice: Notice, way: Way, now: datetime) -> _End:
    try:
        taken = way.send(notice, now)
    except GoneError as gone:
        return _End(state=_State.CANCELLED, kind=_Kind.CANCELLED, rule=rules.GONE, words=str(gone))
    except RefusedError as refusal:
        return _End(state=_State.FAILED, kind=_Kind.REFUSED, rule=rules.REFUSED, words=str(refusal))
    except TryLaterError as failure:
        return _later(notice, str(failure), failure.after, now)
    except Exception as mistake:
        # An adapter is somebody else's code: this notice must not keep the others back.
        _logger.exception("Notice %s could not be sent.", notice.pk)
        return _later(notice, f"{type(mistake).__name__}: {mistake}", None, now)
    return _End(
        state=_State.SENT,
        kind=_Kind.PASSED_ON,
        rule=rules.TAKEN,
        words=taken.words,
        reference=taken.reference,
    )


def _later(notice: Notice, words: str, after: timedelta | None, now: datetime) -> _End:
    if notice.tries > len(mailing.RETRY_LADDER):
        return _End(state=_State.FAILED, kind=_Kind.REFUSED, rule=rules.ENDED, words=words)
    wait = max(mailing.retry_after(notice), after or timedelta())
    return _End(
        state=_State.QUEUED,
        kind=_Kind.RETRY_LATER,
        rule=rules.LATER,
        words=words,
        due_at=now + wait,
    )


@transaction.atomic
def _wait(notice: Notice, night: Night, now: datetime) -> None:
    """Put it off until the night has ended, which is no attempt; it is news from then on."""
    changed = _claimed(notice).update(
        state=_State.QUEUED,
        due_at=night.until,
        waited_until=night.until,
        lease_until=None,
        claimed_by="",
        attempts=F("attempts") - 1,
    )
    if changed:
        mailing.record_step(
            message_id=notice.message_id,
            kind=_Kind.WAITS,
            channel=notice.channel,
            at=now,
            rule=rules.NIGHT,
            answer=str(night),
            worker=notice.claimed_by,
        )


@transaction.atomic
def _finish(notice: Notice, end: _End, now: datetime) -> None:
    """End the claim and write down why; nothing where it was lost meanwhile."""
    changed = _claimed(notice).update(
        state=end.state,
        due_at=end.due_at or notice.due_at,
        lease_until=None,
        claimed_by="",
        sent_at=now if end.state == _State.SENT else None,
        reference=end.reference,
    )
    if changed:
        mailing.record_step(
            message_id=notice.message_id,
            kind=end.kind,
            channel=notice.channel,
            at=now,
            rule=end.rule,
            answer=end.words,
            worker=notice.claimed_by,
        )


def _claimed(notice: Notice) -> QuerySet[Notice]:
    """Return the notice as long as the claim of it holds."""
    return Notice.objects.filter(
        pk=notice.pk,
        state=_State.CLAIMED,
        claimed_by=notice.claimed_by,
        attempts=notice.attempts,
    )
