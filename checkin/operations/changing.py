"""What has changed since somebody last looked, though transactions commit in any order.

A reader's position says which transactions it could not see: all from ``later`` on, and those that
were still running. What they wrote is new to it, whenever they began and ended. On SQLite writers
come one by one and a position is a count.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from checkin.models import Block, Change, ChangeClock, Zone
from conference.models import Conference
from delegates.models import Delegate
from sessions.models import Enrolment

#: More marks than these are not worth a delta.
MOST_MARKS = 5000
#: Marks are kept longer than any position that is still answered to.
KEPT = timedelta(hours=48)
ANSWERED = timedelta(hours=36)

_SEEN_NOW = """
SELECT pg_current_snapshot()::text,
       pg_current_xact_id_if_assigned()::text,
       coalesce((SELECT xmin::text::bigint FROM checkin_changeclock WHERE id = 1), 0)
"""


@dataclass(frozen=True, slots=True)
class Position:
    """What a reader could see; ``era`` differs in a database that was put back from a copy."""

    era: int
    later: int
    running: tuple[int, ...] = ()

    def unseen(self) -> Q:
        """Return which rows with a ``changed_in`` this reader could not see."""
        return Q(changed_in__gte=self.later) | Q(changed_in__in=self.running)

    def precedes(self, other: "Position") -> bool:
        """Return whether the other one can come after this one, in the same database."""
        return self.era == other.era and self.later <= other.later


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Whose badges and cards are new, which badges are no more, whose presence was deleted."""

    everything: bool = False
    delegates: frozenset[int] = field(default_factory=frozenset)
    lost: frozenset[str] = field(default_factory=frozenset)
    absent: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def present_position() -> Position:
    """Return what can be seen now; read it before the rows, so that nothing falls between."""
    if connection.vendor != "postgresql":
        clock = ChangeClock.objects.filter(pk=1).first()
        return Position(era=0, later=clock.position + 1 if clock else 1)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN_NOW)
        snapshot, own, era = cursor.fetchone()
    _earliest, later, running = snapshot.split(":")
    unfinished = {int(each) for each in running.split(",") if each}
    # A snapshot leaves out its own transaction, which may go on writing after this.
    if own is not None and int(own) < int(later):
        unfinished.add(int(own))
    return Position(era=era, later=int(later), running=tuple(sorted(unfinished)))


def changes_since(
    conference: Conference, position: Position, *, then: datetime, now: datetime
) -> Changes:
    """Return what a reader at ``position`` has not seen, blocks that began or ended included."""
    marks = list(
        Change.objects.filter(
            position.unseen(),
            Q(conference=conference.pk)
            | Q(delegate__in=Delegate.objects.filter(conference=conference).values("pk"))
            | Q(delegate=None, session__isnull=False),
        ).values_list("conference", "delegate", "session", "zone", "lookup")[: MOST_MARKS + 1]
    )
    if len(marks) > MOST_MARKS or any(whole and not lookup for whole, *_, lookup in marks):
        return Changes(everything=True)
    sessions = {session for _, person, session, *_ in marks if session and not person}
    asked = sessions | _sessions_with_zones(conference)
    persons = {
        person
        for _, person, session, *_ in marks
        if person and (session is None or session in asked)
    }
    persons |= _seated(conference, sessions) | _blocked_between(conference, then, now)
    return Changes(
        delegates=frozenset(persons),
        lost=frozenset(lookup for *_, lookup in marks if lookup),
        absent=frozenset((person, zone) for _, person, _, zone, _ in marks if person and zone),
    )


def forget_changes(*, now: datetime) -> int:
    """Delete marks that no position still answered to can need; return how many."""
    old = Change.objects.filter(marked_at__lt=now - KEPT)
    return old.delete()[0]


def _sessions_with_zones(conference: Conference) -> set[int]:
    """Return the sessions whose seats open a zone, so that taking one changes a card."""
    tied = Zone.objects.filter(conference=conference, for_enrolled=True, session__isnull=False)
    return {session for session in tied.values_list("session", flat=True) if session}


def _seated(conference: Conference, sessions: set[int]) -> set[int]:
    """Return who has a seat, now, in sessions whose zones have changed.

    Asked now and not by the trigger: who took a seat meanwhile, unseen by it, is here or has a
    mark of her or his own.
    """
    if not sessions:
        return set()
    seats = Enrolment.objects.filter(
        session__in=sessions, delegate__conference=conference, state=Enrolment.State.SEAT
    )
    return set(seats.values_list("delegate", flat=True))


def _blocked_between(conference: Conference, then: datetime, now: datetime) -> set[int]:
    """Return whose block began or ended between two instants; no row changes at that moment."""
    first, last = sorted((then, now))
    edges = Block.objects.filter(
        Q(since__gt=first, since__lte=last) | Q(until__gt=first, until__lte=last),
        delegate__conference=conference,
    )
    return set(edges.values_list("delegate", flat=True))
