"""The last look: whoever knows a letter's occasion is asked just before it leaves."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conference.models import Campaign, Message, MessageStep
from conference.operations import inbox
from conference.operations.mailing import rules

#: Stands for letters of every purpose.
EVERY_PURPOSE = ""
_STEP_OF_STATE = {
    Message.State.CANCELLED: (MessageStep.Kind.CANCELLED, rules.LAST_LOOK),
    Message.State.MISSED: (MessageStep.Kind.MISSED, rules.TOO_LATE),
    Message.State.INBOX: (MessageStep.Kind.INBOX, rules.NO_ADDRESS),
}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a letter ends that does not leave: its state, the step, the rule and more words."""

    state: str
    kind: str
    rule: str = rules.LAST_LOOK
    answer: str = ""


#: Returns how the letter ends instead (a state alone will do), or None to send it.
LastLook = Callable[[Message, datetime], str | Ending | None]
_last_looks: dict[str, list[LastLook]] = defaultdict(list)


def look_before_sending(*, purpose: str, last_look: LastLook) -> None:
    """Register who is asked, in the last moment, whether letters of this purpose still go out."""
    if last_look not in _last_looks[purpose]:
        _last_looks[purpose].append(last_look)


def last_word_on(message: Message, now: datetime) -> Ending | None:
    """Return how the letter ends without being sent, or None if it is to be sent."""
    if message.campaign is not None and message.campaign.state == Campaign.State.CANCELLED:
        rule = rules.CANCELLED_IN_DOUBT if message.is_doubtful else rules.MAILING_CANCELLED
        return _ending(Message.State.CANCELLED, rule)
    if not message.to_email:
        if inbox.has_one(message.recipient):
            return _ending(Message.State.INBOX)
        return _ending(Message.State.FAILED, rules.UNREACHABLE)
    return _first_word(message, (EVERY_PURPOSE, message.purpose), now)


def is_occasion_gone(message: Message, now: datetime) -> bool:
    """Tell whether nobody should be told of this letter any more, on whatever way."""
    return _first_word(message, (message.purpose,), now) is not None


def _first_word(message: Message, purposes: tuple[str, ...], now: datetime) -> Ending | None:
    for purpose in purposes:
        for look in _last_looks.get(purpose, ()):
            if said := look(message, now):
                return said if isinstance(said, Ending) else _ending(said)
    return None


def _ending(state: str, rule: str = "") -> Ending:
    kind, usual = _STEP_OF_STATE.get(
        Message.State(state), (MessageStep.Kind.REFUSED, rules.LAST_LOOK)
    )
    return Ending(state=state, kind=kind, rule=rule or usual)
