"""What a rule reminds of: each thing at its time, and who is concerned by it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from conference.local_time import first_instant
from delegates.models import Delegate, Delegation
from sessions.models import ReminderRule
from sessions.operations.reminders.timing import Offset


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A thing at its time, with when this rule's reminder of it is due."""

    rule: ReminderRule
    #: The thing's name in keys, such as ``session:12``.
    thing: str
    #: The thing itself: a session, an invitation, a delegation, a delegate, or the rule.
    about: Any
    at: datetime
    offset: Offset
    #: The naive time that the venue's clocks show then, and the instant when they show it.
    wall: datetime = field(init=False)
    due: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Count the time by the wall, and from the wall the instant."""
        zone = self.rule.conference.zone
        wall = self.offset.wall(self.at, zone)
        object.__setattr__(self, "wall", wall)
        object.__setattr__(self, "due", first_instant(wall, zone))

    @property
    def zone(self) -> str:
        """The name of the zone whose clocks count."""
        return self.rule.conference.timezone

    @property
    def ends_use(self) -> datetime | None:
        """From when a reminder before the thing is of no use."""
        return None if self.rule.is_after else self.at

    @property
    def key(self) -> str:
        """What names it: another time or another offset makes it another one."""
        at = self.at.astimezone(UTC).isoformat()
        return f"{self.rule.pk}:{self.thing}:{at}:{self.offset.code}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somebody who is concerned by an occasion: a delegate, or a delegation's focal point."""

    occasion: Occasion
    delegate_id: int | None = None
    delegation_id: int | None = None
    #: Since when the person has been concerned; None for always.
    since: datetime | None = None
    #: Why the person is not reminded all the same (a code of ``reasons``).
    refused: str = ""

    @property
    def whose(self) -> str:
        """Whom a letter would be for."""
        if self.delegate_id is not None:
            return f"delegate:{self.delegate_id}"
        return f"delegation:{self.delegation_id}"

    @property
    def key(self) -> str:
        """The key of the reminder."""
        return f"{self.occasion.key}:{self.whose}"

    @property
    def is_in_time(self) -> bool:
        """Whether the person was concerned before the reminder fell due."""
        return self.since is None or self.since <= self.occasion.due


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Which occasions and people to look at; None is all of them."""

    between: tuple[datetime, datetime] | None = None
    thing_ids: frozenset[int] | None = None
    person_ids: frozenset[int] | None = None


EVERYTHING = Narrowed()


class Source(Protocol):
    """Knows the occasions of rules about one kind of thing, in a fixed number of questions."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return what these rules remind of now."""

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterable[Place]:
        """Return who is concerned by these occasions."""


def offset_of(rule: ReminderRule) -> Offset:
    """Return how far from its things a rule's reminders are (not for ``Timing.OWN``)."""
    if rule.timing == ReminderRule.Timing.CLOCK:
        return Offset(is_after=rule.is_after, days=rule.days, clock=rule.clock)
    return Offset(is_after=rule.is_after, minutes=rule.minutes)


def thing_id_of(thing: str) -> int:
    """Return the number in a thing's name."""
    return int(thing.rpartition(":")[2])


def delegates_in(narrowed: Narrowed) -> Any:
    """Return the accredited delegates, those included who have no e-mail address."""
    found = Delegate.objects.accredited()
    return found if narrowed.person_ids is None else found.filter(pk__in=narrowed.person_ids)


def reachable_delegations(narrowed: Narrowed) -> Any:
    """Return the delegations whose focal points can be written to."""
    found = Delegation.objects.exclude(focal_email="")
    return found if narrowed.person_ids is None else found.filter(pk__in=narrowed.person_ids)
