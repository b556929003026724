"""Sending claimed letters: one SMTP transaction for each, its end committed at once.

What can be known is known: a letter is marked right before its text goes over the line, and again
right after the answer. A worker that dies between these marks, or a line that breaks there, leaves
a doubt, and only there: see docs/decisions/0013-letters-leave-once.md.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives

from conference.errors import DomainError
from conference.models import Message
from conference.operations.mailing import answers, attempts, claiming, rules
from conference.operations.mailing.addressing import bring_up_to_date
from conference.operations.mailing.attachments import pack
from conference.operations.mailing.composing import compose, return_path
from conference.operations.mailing.finishing import finish_mailings_of
from conference.operations.mailing.line import Line, LineDown, NotMine
from conference.operations.mailing.looks import last_word_on

NOT_DUE = "not_due"
_NOT_SENT = "Letter %s could not be sent."
Clock = Callable[[], datetime]
_State = Message.State
_logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Turn:
    """What one worker did in its turn: how many letters ended in which state, what is left."""

    ends: dict[str, int] = field(default_factory=dict)
    #: Whether there may be more to send at once.
    is_unfinished: bool = False

    @property
    def sent(self) -> int:
        """How many letters the mail server took."""
        return self.ends.get(_State.SENT, 0)

    @property
    def unsent(self) -> int:
        """How many letters were tried and did not leave."""
        return sum(self.ends.values()) - self.sent

    def count(self, end: str) -> None:
        """Count a letter by the state that it is in now."""
        self.ends[end] = self.ends.get(end, 0) + 1


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """A letter that can go: its mail, the sender of its envelope, what it goes without."""

    mail: EmailMultiAlternatives
    sender: str
    without: Sequence[str]


def deliver(*, message_id: int, worker: str, now: datetime) -> str:
    """Claim and send one letter in its own SMTP transaction; return its state afterwards.

    Never raises for a failure of the mail server: a temporary one puts the letter back with a
    later time, a permanent one marks it as failed, both with the server's own words.
    """
    message = claiming.claim(message_id=message_id, worker=worker, now=now)
    if message is None:
        return NOT_DUE
    with Line() as line:
        try:
            end = _send(message, line, lambda: now)
        except LineDown as down:
            end = attempts.failed(message, _cause(down), now)
    finish_mailings_of([message])
    return end


def send_due(
    *, worker: str, clock: Clock, within: timedelta | None = None, limit: int | None = None
) -> Turn:
    """Send what is due over one line until nothing is left, or time or number is used up."""
    turn = Turn()
    ends_at = clock() + within if within is not None else None
    with Line() as line:
        while limit is None or sum(turn.ends.values()) < limit:
            left = claiming.HANDFUL if limit is None else limit - sum(turn.ends.values())
            handful = claiming.claim_handful(
                worker=worker, now=clock(), limit=min(claiming.HANDFUL, left)
            )
            if not handful:
                return turn
            _send_handful(handful, line, clock, turn, ends_at)
            finish_mailings_of(handful)
            if turn.is_unfinished:
                return turn
    turn.is_unfinished = True
    return turn


def _send_handful(
    handful: list[Message], line: Line, clock: Clock, turn: Turn, ends_at: datetime | None
) -> None:
    # A slow server must not let the leases of the last ones run out in our hands.
    too_long = clock() + claiming.lease() / 2
    for position, message in enumerate(handful):
        turn.is_unfinished = ends_at is not None and clock() >= ends_at
        if turn.is_unfinished or (position and clock() >= too_long):
            claiming.release(handful[position:], now=clock())
            return
        try:
            turn.count(_send(message, line, clock))
        except LineDown as down:
            # The rest would wait for the same server in vain, one time-out after the other.
            for each in handful[position:]:
                turn.count(attempts.failed(each, _cause(down), clock()))
            return


def _send(message: Message, line: Line, clock: Clock) -> str:
    try:
        bring_up_to_date(message, clock())
        ending = last_word_on(message, clock())
        if ending is None:
            ready = _ready(message)
    except Exception as failure:
        # Whatever it is about: this letter must not keep the others back.
        if _is_mistake(failure):
            _logger.exception(_NOT_SENT, message.pk)
        return attempts.failed(message, failure, clock())
    if ending is not None:
        return attempts.not_begun(message, ending, clock())
    return _hand_over(message, ready, line, clock)


def _ready(message: Message) -> _Ready:
    parcel = pack(message)
    return _Ready(
        mail=compose(message, parcel), sender=return_path(message), without=parcel.lacking
    )


def _hand_over(message: Message, ready: _Ready, line: Line, clock: Clock) -> str:
    has_begun = False

    def begin() -> bool:
        nonlocal has_begun
        has_begun = claiming.begin(message, now=clock(), without=ready.without)
        return has_begun

    try:
        answer = line.send(ready.mail, sender=ready.sender, may_go=begin)
    except NotMine:
        claiming.release([message], now=clock(), rule=rules.NOT_NOW)
        return NOT_DUE
    except LineDown:
        raise
    except Exception as failure:
        if _is_mistake(failure):
            _logger.exception(_NOT_SENT, message.pk)
        if has_begun and not attempts.is_certainly_unsent(failure):
            return attempts.in_doubt(message, failure, clock())
        return attempts.failed(message, failure, clock())
    return attempts.taken(message, answer, clock())


def _is_mistake(failure: Exception) -> bool:
    """Tell whether a look, a maker or a mail backend is at fault, and none of the servers."""
    return not isinstance(failure, OSError | ValueError | DomainError)


def _cause(down: LineDown) -> Exception:
    """Return why there is no line, which is never the letter's own fault."""
    cause = down.__cause__
    words = answers.words_of(cause) if isinstance(cause, Exception) else str(down)
    return ConnectionError(words)
