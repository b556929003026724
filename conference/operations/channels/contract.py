"""What a way to a person has to offer, and how it says what became of a notice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from conference.models import Notice


class RefusedError(Exception):
    """The other side will not take this notice, however often it is asked."""


class GoneError(Exception):
    """The person can no longer be reached there, or no longer wants to be."""


class TryLaterError(Exception):
    """The other side could not be reached or is busy; ``after`` is the wait that it asks for."""

    def __init__(self, words: str, *, after: timedelta | None = None) -> None:
        """Keep the words and the wait."""
        super().__init__(words)
        self.after = after


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The other side took a notice: its words, and its own id for it if it has one."""

    words: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Night:
    """The quiet hours that hold where a person is: until when, and by which clocks."""

    until: datetime
    zone: ZoneInfo

    def __str__(self) -> str:
        """Say when they end by the clocks of that place."""
        return f"{self.until.astimezone(self.zone):%Y-%m-%d %H:%M} ({self.zone})"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A place where a recipient ("delegate:12") wants notices, since when; None is always.

    ``without`` names the purposes of letters that are not told of there. Where ``is_unasked``,
    nobody has said that they want it, and only what may go nevertheless does.
    """

    whose: str
    target: str
    since: datetime | None
    without: frozenset[str] = frozenset()
    is_unasked: bool = False


@dataclass(frozen=True, kw_only=True)
class Way:
    """A channel that is open: who is to be reached by it where, and how a notice is sent.

    Nothing goes while it is not ``is_on``. ``send`` raises GoneError, RefusedError or TryLaterError
    where the notice is not taken. ``forget`` is told where the other side reports later that nobody
    is to be reached there.
    """

    channel: str
    is_on: Callable[[], bool]
    addresses: Callable[[], Iterable[Address]]
    send: Callable[[Notice, datetime], Taken]
    forget: Callable[[Notice, datetime], None] | None = None
