"""Seats: taken, waited for, given back.

The answer to "is there a seat?" is the row count of one conditional update. Locks only keep the
order: first the session, then delegates by id, so that no two transactions wait for each other.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q

from delegates.models import Delegate
from sessions.errors import EnrolmentClosed, NotAccredited, SessionFull, SessionsOverlap
from sessions.models import Enrolment, Session
from sessions.operations import notifying

SEAT = Enrolment.State.SEAT
WAITING = Enrolment.State.WAITING


@transaction.atomic
def take_seat(*, session_id: int, delegate_id: int, now: datetime) -> Enrolment:
    """Give the delegate a seat; a second call changes nothing.

    Raises EnrolmentClosed, NotAccredited, SessionsOverlap or SessionFull; Session.DoesNotExist
    for a session of another conference.
    """
    session, delegate = _lock_open(session_id, delegate_id, now)
    enrolment, is_new = Enrolment.objects.get_or_create(
        session=session, delegate=delegate, defaults={"state": SEAT, "created_at": now}
    )
    if not is_new and enrolment.state == SEAT:
        return enrolment
    _refuse_overlap(session, delegate)
    if not _count_seat(session, now):
        raise SessionFull  # the atomic block around us takes a new enrolment back
    if not is_new:
        _seat(enrolment, now)
    return enrolment


@transaction.atomic
def join_waiting_list(*, session_id: int, delegate_id: int, now: datetime) -> Enrolment:
    """Put the delegate on the waiting list, or in a seat if one has come free meanwhile.

    A second call changes nothing. Raises as ``take_seat`` does, but never SessionFull.
    """
    _lock_session(session_id)  # outside the inner block, whose rollback would let it go
    try:
        with transaction.atomic():
            return take_seat(session_id=session_id, delegate_id=delegate_id, now=now)
    except SessionFull:
        enrolment, _ = Enrolment.objects.get_or_create(
            session_id=session_id,
            delegate_id=delegate_id,
            defaults={"state": WAITING, "created_at": now},
        )
        return enrolment


@transaction.atomic
def give_back_seat(*, session_id: int, delegate_id: int, now: datetime) -> Session:
    """Take the delegate off the session or its waiting list; the first who waits moves up.

    A second call changes nothing. Raises EnrolmentClosed once the session has begun.
    """
    session = _lock_session(session_id)
    if not session.takes_seats_at(now):
        raise EnrolmentClosed
    _free(session, session.enrolments.filter(delegate=delegate_id), now)
    return session


def free_seats_of_the_absent(*, now: datetime) -> int:
    """Free coming seats of delegates who withdrew or lost their accreditation; return how many.

    One transaction for each session, so that no two sessions are ever locked at once.
    """
    coming = Session.objects.taking_place().upcoming(now)
    concerned = _absent(Enrolment.objects.filter(session__in=coming))
    session_ids = set(concerned.values_list("session_id", flat=True))
    return sum(_free_absent(session_id, now) for session_id in sorted(session_ids))


def promote_waiting(*, session: Session, now: datetime) -> list[Enrolment]:
    """Give free seats to those who wait, the longest first, and write to each.

    Call it in a transaction that holds the session's row. Who has a seat elsewhere at that
    time, or lost the accreditation, keeps waiting.
    """
    waiting = list(
        session.enrolments.filter(state=WAITING, delegate__in=Delegate.objects.accredited())
        .select_related("delegate")
        .order_by("created_at", "id")
    )
    if not waiting or not session.takes_seats_at(now):
        return []
    _lock_delegates([enrolment.delegate_id for enrolment in waiting])
    busy = _busy_delegates(session, [enrolment.delegate_id for enrolment in waiting])
    promoted = []
    for enrolment in waiting:
        if enrolment.delegate_id in busy:
            continue
        if not _count_seat(session, now):
            break
        _seat(enrolment, now)
        notifying.tell_seat_came_free(session=session, enrolment=enrolment, now=now)
        promoted.append(enrolment)
    return promoted


def _lock_session(session_id: int) -> Session:
    session: Session = (
        Session.objects.select_related("conference")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=session_id)
    )
    return session


def _lock_delegates(delegate_ids: Sequence[int]) -> list[Delegate]:
    return list(
        Delegate.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=delegate_ids)
        .order_by("pk")
    )


def _lock_open(session_id: int, delegate_id: int, now: datetime) -> tuple[Session, Delegate]:
    session = _lock_session(session_id)
    # Two requests of one person for two sessions at one time must not both pass.
    delegate = Delegate.objects.select_for_update(no_key=True).get(pk=delegate_id)
    hidden = session.visibility == Session.Visibility.STAFF
    if delegate.conference_id != session.conference_id or hidden:
        raise Session.DoesNotExist
    if not session.takes_seats_at(now):
        raise EnrolmentClosed
    if not Delegate.objects.accredited().filter(pk=delegate_id).exists():
        raise NotAccredited
    return session, delegate


def _refuse_overlap(session: Session, delegate: Delegate) -> None:
    if _busy_delegates(session, [delegate.pk]):
        raise SessionsOverlap


def _busy_delegates(session: Session, delegate_ids: Sequence[int]) -> set[int]:
    """Return who has a seat in another session that overlaps this one (ranges are half open)."""
    return set(
        Enrolment.objects.filter(
            delegate__in=delegate_ids,
            state=SEAT,
            session__cancelled_at=None,
            session__starts_at__lt=session.ends_at,
            session__ends_at__gt=session.starts_at,
        )
        .exclude(session=session)
        .values_list("delegate_id", flat=True)
    )


def _count_seat(session: Session, now: datetime) -> bool:
    free = Session.objects.filter(
        Q(capacity=None) | Q(seats_taken__lt=F("capacity")),
        pk=session.pk,
        takes_enrolments=True,
        published_at__isnull=False,
        cancelled_at=None,
        starts_at__gt=now,
    )
    return bool(free.update(seats_taken=F("seats_taken") + 1))


def _seat(enrolment: Enrolment, now: datetime) -> None:
    enrolment.state = SEAT
    enrolment.created_at = now
    enrolment.save(update_fields=["state", "created_at"])


@transaction.atomic
def _free_absent(session_id: int, now: datetime) -> int:
    session = _lock_session(session_id)
    return _free(session, _absent(session.enrolments.all()), now)


def _absent(enrolments: models.QuerySet[Enrolment]) -> models.QuerySet[Enrolment]:
    return enrolments.exclude(delegate__in=Delegate.objects.accredited())


def _free(session: Session, leaving: models.QuerySet[Enrolment], now: datetime) -> int:
    seats = leaving.filter(state=SEAT).count()
    gone, _ = leaving.delete()
    if seats:
        Session.objects.filter(pk=session.pk).update(seats_taken=F("seats_taken") - seats)
        promote_waiting(session=session, now=now)
    return gone
