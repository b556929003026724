"""Which letters are told of on the second way: a plain table that the apps above fill in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from conference.models import Message
from conference.operations.channels.contract import Night

#: Says of one letter whether it is told of, such as by the choice of its mailing or rule.
Choice = Callable[[Message], bool]
#: Says until when it is night where a letter's recipient is, or None if it is not.
Nights = Callable[[Message, datetime], Night | None]


@dataclass(frozen=True)
class _Telling:
    """On which channels letters of one purpose are told of, and which of them; empty is all."""

    channels: Collection[str]
    choice: Choice | None


_tellings: dict[str, _Telling] = {}
_unasked: dict[str, Choice] = {}
_nights: dict[tuple[str, str], Nights] = {}


def tell_of(*, purpose: str, channels: Collection[str] = (), choice: Choice | None = None) -> None:
    """Tell of the letters of this purpose, on these channels only, and only of those chosen."""
    _tellings[purpose] = _Telling(channels, choice)


def go_unasked(*, purpose: str, choice: Choice) -> None:
    """Tell those, too, who never said whether they want it, of the chosen letters of a purpose."""
    _unasked[purpose] = choice


def may_go_unasked(message: Message) -> bool:
    """Tell whether this letter is told of to people who never said whether they want it."""
    choice = _unasked.get(message.purpose)
    return choice is not None and choice(message)


def wait_at_night(*, purpose: str, channels: Collection[str], nights: Nights) -> None:
    """Let notices of this purpose on these channels wait for the end of their people's nights."""
    for channel in channels:
        _nights[purpose, channel] = nights


def night_of(message: Message, channel: str, now: datetime) -> Night | None:
    """Return the night whose end a notice of this letter on this channel waits for, if any."""
    nights = _nights.get((message.purpose, channel))
    return nights(message, now) if nights else None


def purposes(channel: str) -> list[str]:
    """Return the purposes of which some letters at least are told of on this channel."""
    return [
        purpose
        for purpose, telling in _tellings.items()
        if not telling.channels or channel in telling.channels
    ]


def is_told_of(message: Message, channel: str) -> bool:
    """Tell whether this letter has notices on this channel."""
    if message.purpose not in purposes(channel):
        return False
    choice = _tellings[message.purpose].choice
    return choice is None or choice(message)
