"""The timetable: sessions made, changed and cancelled.

The database itself refuses double bookings and overbooking; here its refusal gets a name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, models, transaction

from conference.errors import DomainError
from conference.models import Conference, Room, User
from conference.operations import auditing
from sessions.errors import CapacityTooSmall, EndsBeforeItStarts, RoomTaken, SessionCancelled
from sessions.models import Session
from sessions.operations import enrolling, notifying, reminders

# What a calendar must count as a change, and what is told to everybody with a seat.
TIME_AND_PLACE = ("starts_at", "ends_at", "room_id", "place_en", "place_zh")

REFUSALS: dict[str, type[DomainError]] = {
    "session_room_not_double_booked": RoomTaken,
    "session_not_overbooked": CapacityTooSmall,
    "session_ends_after_it_starts": EndsBeforeItStarts,
}


class SessionFields(TypedDict, total=False):
    """What people say about a session; times are aware."""

    kind: str
    title_en: str
    title_zh: str
    summary_en: str
    summary_zh: str
    parent: Session | None
    room: Room | None
    place_en: str
    place_zh: str
    starts_at: datetime
    ends_at: datetime
    takes_enrolments: bool
    capacity: int | None
    visibility: str
    languages: str
    interpretation: str
    remind_minutes_before: int | None


@transaction.atomic
def create_session(
    *, conference: Conference, actor: User | None, now: datetime, **fields: Unpack[SessionFields]
) -> Session:
    """Put a session on the programme, not yet published.

    Raises RoomTaken when another session uses the room at that time, EndsBeforeItStarts.
    """
    session = Session(conference=conference, **fields)
    _copy_exclusiveness(session)
    with refusals_of_the_database():
        session.save(force_insert=True)
    _record("session.create", session, actor=actor, now=now, after=_told(session, sorted(fields)))
    return session


@transaction.atomic
def change_session(
    *, session_id: int, actor: User | None, now: datetime, **fields: Unpack[SessionFields]
) -> Session:
    """Change a session. A new time or place is counted for calendars and told to those with a seat.

    More seats go to those who wait. Raises RoomTaken, CapacityTooSmall, EndsBeforeItStarts and
    SessionCancelled.
    """
    session = _lock(session_id)
    if session.is_cancelled:
        raise SessionCancelled
    before = {name: getattr(session, name) for name in _columns(fields)}
    for name, value in fields.items():
        setattr(session, name, value)
    changed = [name for name, value in before.items() if getattr(session, name) != value]
    if not changed:
        return session
    was_elsewhere = set(changed) & set(TIME_AND_PLACE)
    if was_elsewhere:
        session.sequence += 1
    _copy_exclusiveness(session)
    with refusals_of_the_database():
        # seats_taken moves by conditional update only.
        session.save(update_fields=[*changed, "room_exclusive", "sequence", "changed_at"])
    if session.published_at is not None and session.starts_at > now:
        if was_elsewhere:
            notifying.tell_moved(session=session, now=now)
        enrolling.promote_waiting(session=session, now=now)
    if was_elsewhere or "remind_minutes_before" in changed:
        reminders.withdraw_from_session(session=session, now=now)
    old = {name: _plain(before[name]) for name in changed}
    _record(
        "session.change", session, actor=actor, now=now, before=old, after=_told(session, changed)
    )
    return session


@transaction.atomic
def cancel_session(
    *,
    session_id: int,
    reason_en: str = "",
    reason_zh: str = "",
    actor: User | None,
    now: datetime,
) -> Session:
    """Cancel a session: it stays visible with its reason, and everybody with a seat is told.

    A repeat changes nothing. Seats stay as they were, reminders not yet sent are withdrawn.
    """
    session = _lock(session_id)
    if session.is_cancelled:
        return session
    session.cancelled_at = now
    session.cancel_reason_en = reason_en
    session.cancel_reason_zh = reason_zh
    session.sequence += 1
    session.save(
        update_fields=[
            "cancelled_at",
            "cancel_reason_en",
            "cancel_reason_zh",
            "sequence",
            "changed_at",
        ]
    )
    reminders.withdraw_from_session(session=session, now=now)
    if session.published_at is not None and session.ends_at > now:
        notifying.tell_cancelled(session=session, now=now)
    _record("session.cancel", session, actor=actor, now=now, reason=reason_en or reason_zh)
    return session


def occupants(
    *, room: Room, starts_at: datetime, ends_at: datetime, besides: Session | None
) -> list[Session]:
    """Return the sessions that use the room at that time, other than ``besides``."""
    others = room.sessions.exclude(pk=besides.pk) if besides else room.sessions.all()
    return list(others.taking_place().filter(starts_at__lt=ends_at, ends_at__gt=starts_at))


def follow_room(*, instance: Room, **_: object) -> None:
    """Copy to the sessions of a room whether it may hold several at once, whenever it is saved.

    Raises RoomTaken when the room has overlapping sessions and is to hold only one.
    """
    stale = instance.sessions.filter(room_exclusive=instance.allows_overlap)
    with refusals_of_the_database():
        stale.update(room_exclusive=not instance.allows_overlap)


@contextmanager
def refusals_of_the_database() -> Iterator[None]:
    """Give the name of a rule to the IntegrityError by which the database holds it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        for constraint, error in REFUSALS.items():
            if constraint in str(refusal):
                raise error from refusal
        raise


def _lock(session_id: int) -> Session:
    session: Session = (
        Session.objects.select_related("conference", "room__venue")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=session_id)
    )
    return session


def _copy_exclusiveness(session: Session) -> None:
    session.room_exclusive = session.room is None or not session.room.allows_overlap


def _columns(fields: SessionFields) -> list[str]:
    """Return the attribute that holds each field's value: ``room_id`` for ``room``."""
    return [Session._meta.get_field(name).attname for name in fields]  # type: ignore[union-attr]


def _told(session: Session, names: list[str]) -> dict[str, Any]:
    return {name: _plain(getattr(session, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def _record(
    action: str,
    session: Session,
    *,
    actor: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    auditing.record(
        action=action,
        target=session,
        conference=session.conference,
        actor=actor,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )
