"""When a reminder is due, when it is sent, and with which others: pure functions of time.

Nothing here asks the database or the clock; tests/sessions/operations/reminders/test_timing.py
is the table of what they answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from conference.local_time import first_instant
from sessions.operations.reminders import reasons

#: A reminder later than this is of no use to anybody: it is shown as missed and never sent.
TOO_LATE = timedelta(hours=2)
#: So long before quiet hours the last letters leave, to be there when they begin.
BEFORE_QUIET = timedelta(minutes=15)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Offset:
    """How far from a thing its reminder is: minutes, or days and a time of day, by wall clocks."""

    is_after: bool = False
    minutes: int = 0
    days: int = 0
    clock: time | None = None

    @property
    def code(self) -> str:
        """Its part of a reminder's key, such as ``-30m`` or ``-1d18:00``."""
        sign = "+" if self.is_after else "-"
        if self.clock is None:
            return f"{sign}{self.minutes}m"
        return f"{sign}{self.days}d{self.clock:%H:%M}"

    def wall(self, thing_at: datetime, zone: ZoneInfo) -> datetime:
        """Return the naive wall time at which the clocks of ``zone`` call for the reminder."""
        there = thing_at.astimezone(zone).replace(tzinfo=None)
        way = 1 if self.is_after else -1
        if self.clock is None:
            return there + way * timedelta(minutes=self.minutes)
        return datetime.combine(there.date() + way * timedelta(days=self.days), self.clock)


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """The hours in which nobody is written to; equal times mean none."""

    begins: time
    ends: time

    def around(self, instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Return begin and end of the quiet hours that hold at this instant in ``zone``."""
        if self.begins == self.ends:
            return None
        day = instant.astimezone(zone).date()
        for first in (day - _ONE_DAY, day):
            last = first if self.begins < self.ends else first + _ONE_DAY
            begin = first_instant(datetime.combine(first, self.begins), zone)
            end = first_instant(datetime.combine(last, self.ends), zone)
            if begin <= instant < end:
                return begin, end
        return None


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a person is when: at home, but for the days around the conference."""

    home: str
    venue: str
    there_from: datetime | None = None
    there_until: datetime | None = None

    def zone_at(self, instant: datetime) -> ZoneInfo:
        """Return the zone in which the person lives at this instant; the venue's if unknown."""
        away = self.there_from is not None and self.there_from <= instant
        if away and (self.there_until is None or instant <= self.there_until):
            return ZoneInfo(self.venue)
        return ZoneInfo(self.home or self.venue)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """When a reminder is sent and why then; ``send_at`` is None if it is left out."""

    send_at: datetime | None
    reason: str


def decide(
    *,
    due: datetime,
    ends_use: datetime | None,
    quiet: Quiet,
    whereabouts: Whereabouts,
    optional: bool,
    now: datetime,
) -> Decision:
    """Choose when a reminder that is due at ``due`` is sent, with regard to quiet hours.

    ``ends_use`` is the instant from which it is of no use, None if there is none. After the quiet
    hours if that is in time; else before them if there still is time for that; else it is sent in
    them if people cannot do without it, and left out if they can.
    """
    due = due.astimezone(UTC)
    window = quiet.around(due, whereabouts.zone_at(due))
    if window is None:
        return Decision(send_at=due, reason=reasons.ON_TIME)
    begin, end = window
    if ends_use is None or end < ends_use:
        return Decision(send_at=end, reason=reasons.AFTER_QUIET)
    early = begin - BEFORE_QUIET
    if now <= early:
        return Decision(send_at=early, reason=reasons.BEFORE_QUIET)
    if optional:
        return Decision(send_at=None, reason=reasons.LEFT_OUT)
    return Decision(send_at=due, reason=reasons.IN_QUIET)


def is_too_late(*, send_at: datetime, ends_use: datetime | None, now: datetime) -> bool:
    """Tell whether sending it now would help nobody."""
    return now > send_at + TOO_LATE or (ends_use is not None and now >= ends_use)


class Part(Protocol):
    """What may go into one letter with others."""

    @property
    def send_at(self) -> datetime:
        """When it is to be sent."""

    @property
    def is_of_deadline(self) -> bool:
        """Whether it reminds of a deadline."""

    @property
    def is_optional(self) -> bool:
        """Whether people can do without it."""

    @property
    def zone(self) -> str:
        """The zone whose days count."""


PartT = TypeVar("PartT", bound=Part)


def together(parts: Iterable[PartT], *, within: timedelta) -> list[list[PartT]]:
    """Split one person's reminders into letters, the earliest first.

    What is to be sent within so long of a letter's first part goes with it, and of deadlines what
    is to be sent on the same day. What people can do without never travels with what they cannot:
    they may have unsubscribed from it.
    """
    letters: list[list[PartT]] = []
    for part in sorted(parts, key=lambda each: each.send_at):
        for letter in letters:
            if _fits(part, letter, within):
                letter.append(part)
                break
        else:
            letters.append([part])
    return letters


def _fits(part: Part, letter: Sequence[Part], within: timedelta) -> bool:
    first = letter[0]
    if part.is_optional != first.is_optional:
        return False
    if part.send_at == first.send_at or part.send_at - first.send_at < within:
        return True
    both_deadlines = part.is_of_deadline and all(each.is_of_deadline for each in letter)
    return both_deadlines and _day(part) == _day(first)


def _day(part: Part) -> object:
    return part.send_at.astimezone(ZoneInfo(part.zone)).date()
