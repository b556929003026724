"""How an attempt to send a letter ends, and when the next one is due."""

import hashlib
import socket
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from conference.errors import AttachmentFailed
from conference.models import Message, MessageStep, Notice, OnDoubt
from conference.operations.mailing import answers, claiming, rules
from conference.operations.mailing.keeping import patiently
from conference.operations.mailing.looks import Ending

RETRY_LADDER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)
#: So much sooner or later than the ladder says, so that many letters do not come back at once.
JITTER = 0.3
_State = Message.State
_Kind = MessageStep.Kind


def retry_after(message: Message | Notice) -> timedelta:
    """Return when to try again after this many tries; the same each time it is asked."""
    step = RETRY_LADDER[min(message.tries, len(RETRY_LADDER)) - 1]
    dice = hashlib.sha256(f"{message.uid}:{message.tries}".encode()).digest()
    share = int.from_bytes(dice[:4]) / 0xFFFFFFFF
    return step * (1 - JITTER + 2 * JITTER * share)


def taken(message: Message, answer: str, now: datetime) -> str:
    """Keep that the server took the letter; return its state."""
    patiently(partial(claiming.accept, message, now=now, answer=answer))
    return _State.SENT


def not_begun(message: Message, ending: Ending, now: datetime) -> str:
    """Keep why the letter does not leave at all; return its state."""
    _finish(
        message,
        now,
        kind=ending.kind,
        rule=ending.rule,
        answer=ending.answer,
        state=ending.state,
    )
    return ending.state


def failed(message: Message, failure: Exception, now: datetime) -> str:
    """Keep that the letter has not left, and whether it is tried again; return its state."""
    answer = answers.words_of(failure)
    if not answers.is_refusal(failure) and answers.is_permanent(failure):
        return _give_up(message, answer, rules.NOT_SENDABLE, now)
    if answers.is_of_no_address(failure):
        return _give_up(message, answer, rules.NO_SUCH_ADDRESS, now)
    if answers.is_permanent(failure):
        return _give_up(message, answer, rules.PERMANENT, now)
    if message.tries > len(RETRY_LADDER):
        return _give_up(message, answer, rules.LADDER_ENDED, now)
    return _put_back(message, answer, _rule_of(failure), now)


def in_doubt(message: Message, failure: Exception, now: datetime) -> str:
    """Keep that the line broke after the text had begun to go over it: only the server knows."""
    answer = answers.words_of(failure)
    if message.on_doubt == OnDoubt.HOLD:
        _finish(
            message,
            now,
            kind=_Kind.UNCERTAIN,
            rule=rules.DOUBT_HOLD,
            answer=answer,
            state=_State.UNCERTAIN,
            is_doubtful=True,
            handed_over_at=now,
            server_answer=answer,
        )
        return _State.UNCERTAIN
    if message.tries > len(RETRY_LADDER):
        return _give_up(message, answer, rules.LADDER_ENDED, now, is_doubt=True)
    return _put_back(message, answer, rules.DOUBT_RESEND, now)


def is_certainly_unsent(failure: Exception) -> bool:
    """Tell whether the letter has not left for certain, although it was marked."""
    never_connected = isinstance(failure, ConnectionRefusedError | socket.gaierror)
    return never_connected or answers.is_refusal(failure) or answers.is_permanent(failure)


def _rule_of(failure: Exception) -> str:
    if answers.is_refusal(failure):
        return rules.TEMPORARY
    if isinstance(failure, AttachmentFailed):
        return rules.ATTACHMENT
    return rules.NO_LINE if isinstance(failure, OSError) else rules.MISTAKE


def _put_back(message: Message, answer: str, rule: str, now: datetime) -> str:
    is_doubt = rule == rules.DOUBT_RESEND
    _finish(
        message,
        now,
        kind=_Kind.UNCERTAIN if is_doubt else _Kind.RETRY_LATER,
        rule=rule,
        answer=answer,
        state=_State.QUEUED,
        due_at=now + retry_after(message),
        is_doubtful=is_doubt or message.is_doubtful,
        server_answer=answer,
    )
    return _State.QUEUED


def _give_up(
    message: Message, answer: str, rule: str, now: datetime, *, is_doubt: bool = False
) -> str:
    _finish(
        message,
        now,
        kind=_Kind.UNCERTAIN if is_doubt else _Kind.REFUSED,
        rule=rule,
        answer=answer,
        state=_State.FAILED,
        # Whoever tries it again by hand sends a repeat, and it must say so.
        is_doubtful=is_doubt or message.is_doubtful,
        server_answer=answer,
    )
    return _State.FAILED


def _finish(message: Message, now: datetime, **fields: Any) -> None:
    patiently(partial(claiming.finish, message, now=now, **fields))
