"""A delegate's day: what is for everybody, what they have a seat in, what they may still choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from delegates.models import Delegate
from sessions.models import Enrolment, Session


class Part(StrEnum):
    """What a session is to one delegate."""

    FOR_ALL = "for_all"
    SEAT = "seat"
    WAITING = "waiting"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One session as one delegate sees it at one moment."""

    session: Session
    part: Part
    is_over: bool
    is_now: bool
    may_change: bool
    clashes_with: tuple[Session, ...] = ()

    @property
    def is_mine(self) -> bool:
        """Whether the delegate is expected there."""
        return self.part in {Part.FOR_ALL, Part.SEAT} and not self.session.is_cancelled

    @property
    def has_seat(self) -> bool:
        """Whether a seat was taken."""
        return self.part is Part.SEAT

    @property
    def is_waiting(self) -> bool:
        """Whether the delegate is on the waiting list."""
        return self.part is Part.WAITING

    @property
    def may_take(self) -> bool:
        """Whether there is a seat to take."""
        return self.may_change and self.part is Part.OPEN

    @property
    def may_wait(self) -> bool:
        """Whether the waiting list can be joined."""
        return self.may_change and self.part is Part.FULL

    @property
    def may_give_back(self) -> bool:
        """Whether a seat, or the place on the waiting list, can be given back."""
        return self.may_change and self.part in {Part.SEAT, Part.WAITING}


@dataclass(frozen=True, kw_only=True)
class Day:
    """The items of one calendar day at the venue."""

    date: date
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """All days, and where the delegate has to be now and next."""

    days: tuple[Day, ...]
    now: Item | None
    next: Item | None

    @property
    def items(self) -> list[Item]:
        """All items in the order of time."""
        return [item for day in self.days for item in day.items]

    def item_of(self, session_id: int) -> Item | None:
        """Return the item of this session, or None if the delegate does not see it."""
        return next((item for item in self.items if item.session.pk == session_id), None)


def agenda_of(delegate: Delegate, *, now: datetime) -> Agenda:
    """Return what the delegate sees of the programme at ``now``, in a fixed number of queries."""
    sessions = list(
        Session.objects.for_delegates()
        .filter(conference=delegate.conference_id)
        .select_related("room__venue")
        .prefetch_related("appearances__speaker")
    )
    states = dict(Enrolment.objects.filter(delegate=delegate).values_list("session_id", "state"))
    seats = [session for session in sessions if states.get(session.pk) == Enrolment.State.SEAT]
    items = [_item(session, states.get(session.pk), seats, now) for session in sessions]
    mine = [item for item in items if item.is_mine]
    return Agenda(
        days=_days(items, delegate),
        now=next((item for item in reversed(mine) if item.is_now), None),
        next=next((item for item in mine if item.session.starts_at > now), None),
    )


def calendar_sessions(delegate: Delegate) -> list[Session]:
    """Return what belongs in the delegate's calendar: what is for all, and their own seats.

    Cancelled sessions stay, so that calendars strike them out.
    """
    seats = Enrolment.objects.filter(delegate=delegate, state=Enrolment.State.SEAT)
    visible = Session.objects.for_delegates().filter(conference=delegate.conference_id)
    return list(
        (visible.filter(takes_enrolments=False) | visible.filter(pk__in=seats.values("session")))
        .select_related("room__venue")
        .order_by("starts_at", "ends_at", "pk")
    )


def _item(session: Session, state: str | None, seats: Sequence[Session], now: datetime) -> Item:
    may_change = session.takes_seats_at(now)
    return Item(
        session=session,
        part=_part(session, state, may_change=may_change),
        is_over=session.ends_at <= now,
        is_now=session.starts_at <= now < session.ends_at,
        may_change=may_change,
        clashes_with=tuple(other for other in seats if _clash(session, other))
        if session.takes_enrolments
        else (),
    )


def _part(session: Session, state: str | None, *, may_change: bool) -> Part:
    if not session.takes_enrolments:
        return Part.FOR_ALL
    if state is not None:
        return Part(state)
    if not may_change:
        return Part.CLOSED
    return Part.FULL if session.seats_free == 0 else Part.OPEN


def _clash(one: Session, other: Session) -> bool:
    return (
        one.pk != other.pk
        and not (one.is_cancelled or other.is_cancelled)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )


def _days(items: Sequence[Item], delegate: Delegate) -> tuple[Day, ...]:
    zone = delegate.conference.zone
    by_date: dict[date, list[Item]] = {}
    for item in items:
        by_date.setdefault(item.session.starts_at.astimezone(zone).date(), []).append(item)
    return tuple(Day(date=day, items=tuple(by_date[day])) for day in sorted(by_date))
