from datetime import timedelta

import pytest
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conference.models import AuditEntry, Message
from sessions.errors import CapacityTooSmall, EndsBeforeItStarts, RoomTaken, SessionCancelled
from sessions.models import Session
from sessions.operations.enrolling import join_waiting_list, take_seat
from sessions.operations.scheduling import cancel_session, change_session, create_session
from tests.sessions import cast


def create(conference, starts=None, minutes=60, **fields):
    starts = starts or cast.venue_time(9)
    return create_session(
        conference=conference,
        actor=None,
        now=cast.NOW,
        **{
            "kind": "panel",
            "title_en": "A panel",
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=minutes),
            **fields,
        },
    )


def change(session, **fields):
    return change_session(session_id=session.pk, actor=None, now=cast.NOW, **fields)


def cancel(session, **fields):
    return cancel_session(session_id=session.pk, actor=None, now=cast.NOW, **fields)


def test_a_new_session_is_a_draft_and_is_noted(conference, room, organiser):
    session = create_session(
        conference=conference,
        actor=organiser,
        now=cast.NOW,
        kind="panel",
        title_en="A panel",
        starts_at=cast.venue_time(9),
        ends_at=cast.venue_time(10),
        room=room,
    )
    assert (session.published_at, session.sequence, session.room_exclusive) == (None, 0, True)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id) == (
        "session.create",
        organiser,
        str(session.pk),
    )


def test_two_sessions_do_not_use_one_room_at_one_time(conference, room):
    create(conference, cast.venue_time(9), room=room)
    with pytest.raises(RoomTaken):
        create(conference, cast.venue_time(9, 30), room=room)
    assert conference.sessions.count() == 1


def test_one_session_may_begin_as_another_ends(conference, room):
    create(conference, cast.venue_time(9), room=room)
    create(conference, cast.venue_time(10), room=room)
    assert conference.sessions.count() == 2


def test_a_foyer_holds_several_sessions(conference):
    foyer = cast.make_room(conference, "Foyer", "前厅", allows_overlap=True)
    for _ in range(2):
        assert create(conference, room=foyer).room_exclusive is False
    assert conference.sessions.count() == 2


def test_a_foyer_with_two_sessions_does_not_become_a_closed_room(conference):
    foyer = cast.make_room(conference, "Foyer", "前厅", allows_overlap=True)
    for _ in range(2):
        create(conference, room=foyer)
    foyer.allows_overlap = False
    with pytest.raises(RoomTaken):
        foyer.save()


def test_a_room_that_opens_takes_its_sessions_along(conference, room):
    session = create(conference, room=room)
    room.allows_overlap = True
    room.save()
    session.refresh_from_db()
    assert session.room_exclusive is False


def test_a_cancelled_session_leaves_its_room(conference, room):
    cancel(create(conference, room=room), reason_en="Storm")
    create(conference, room=room)
    assert conference.sessions.count() == 2


def test_moving_into_a_taken_room_is_refused_and_changes_nothing(conference, room):
    create(conference, room=room)
    elsewhere = create(conference)
    with pytest.raises(RoomTaken):
        change(elsewhere, room=room)
    elsewhere.refresh_from_db()
    assert (elsewhere.room, elsewhere.sequence) == (None, 0)


def test_the_end_comes_after_the_start(conference):
    with pytest.raises(EndsBeforeItStarts):
        create(conference, minutes=0)
    session = create(conference)
    with pytest.raises(EndsBeforeItStarts):
        change(session, ends_at=session.starts_at)


def test_rules_without_a_name_stay_what_they_are(conference):
    with pytest.raises(IntegrityError):
        create(conference, title_en="")


@pytest.mark.parametrize(
    ("fields", "sequence"),
    [
        ({"starts_at": cast.venue_time(8)}, 1),
        ({"ends_at": cast.venue_time(11)}, 1),
        ({"place_zh": "湖边"}, 1),
        ({"title_en": "Another title"}, 0),
        ({"starts_at": cast.venue_time(9)}, 0),
    ],
    ids=["start", "end", "place", "title", "nothing"],
)
def test_the_number_that_calendars_count_grows_with_time_and_place(conference, fields, sequence):
    session = create(conference)
    change(session, **fields)
    session.refresh_from_db()
    assert session.sequence == sequence
    for name, value in fields.items():
        assert getattr(session, name) == value


def test_a_change_is_noted_with_before_and_after(conference, organiser):
    session = create(conference)
    change_session(session_id=session.pk, actor=organiser, now=cast.NOW, title_en="New")
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.before, entry.after) == (
        "session.change",
        {"title_en": "A panel"},
        {"title_en": "New"},
    )


def test_everybody_with_a_seat_or_waiting_is_told_of_each_move_once(session, alice, bo, carl):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=cast.NOW)
    join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=cast.NOW)
    moved = {"starts_at": cast.venue_time(16), "ends_at": cast.venue_time(17)}
    change(session, **moved)
    change(session, **moved)
    letters = Message.objects.filter(purpose="session_moved").order_by("to_email")
    assert [letter.to_email for letter in letters] == [alice.email, bo.email, carl.email]
    assert letters[0].subject == "New time or place: Cities and the climate, Tue 3 Nov 2026, 16:00"
    assert "Lotus Room, floor 2, Conference Centre" in letters[0].body_text
    change(session, place_en="By the lake")
    assert Message.objects.filter(purpose="session_moved").count() == 6


def test_nobody_is_told_of_changes_to_a_draft(conference, alice):
    session = cast.make_session(conference, published_at=None)
    session.enrolments.create(delegate=alice, state="seat", created_at=cast.NOW)
    change(session, place_en="By the lake")
    assert Message.objects.count() == 0


def test_fewer_seats_than_taken_are_refused(session, alice, bo, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    with pytest.raises(CapacityTooSmall):
        change(session, capacity=1)
    session.refresh_from_db()
    assert (session.capacity, session.seats_taken) == (2, 2)


def test_more_seats_go_to_those_who_wait(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=now)
    change(session, capacity=3)
    session.refresh_from_db()
    assert session.seats_taken == 3
    assert session.enrolments.get(delegate=carl).state == "seat"


def test_a_cancelled_session_keeps_its_seats_and_tells_everybody_once(session, alice, bo, now):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    take_seat(session_id=session.pk, delegate_id=bo.pk, now=now)
    for _ in range(2):
        cancelled = cancel(session, reason_en="The speaker is ill", reason_zh="主讲人生病")
    assert (cancelled.cancelled_at, cancelled.sequence, cancelled.seats_taken) == (cast.NOW, 1, 2)
    english, chinese = Message.objects.order_by("to_email")
    assert english.subject == "Cancelled: Cities and the climate, Tue 3 Nov 2026, 14:00"
    assert "The speaker is ill" in english.body_text
    assert "主讲人生病" in chinese.body_text
    assert "城市与气候" in chinese.subject


def test_a_cancelled_session_does_not_change_any_more(conference, session):
    cancel(session, reason_en="Storm")
    with pytest.raises(SessionCancelled):
        change(session, title_en="New")


class RoomsAreNotDoubleBooked(TestCase):
    """The database's own refusal and the arithmetic of half-open ranges agree."""

    @settings(max_examples=50, deadline=None)
    @given(
        wishes=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), min_size=1, max_size=12)
    )
    def test_any_wishes(self, wishes):
        conference = cast.make_conference()
        room = cast.make_room(conference)
        granted = []
        for start, length in wishes:
            free = all(start >= end or start + length <= begin for begin, end in granted)
            starts = cast.venue_time(8) + timedelta(minutes=15 * start)
            try:
                create(conference, starts, 15 * length, room=room)
            except RoomTaken:
                assert not free
            else:
                assert free
                granted.append((start, start + length))
        assert Session.objects.filter(room=room).count() == len(granted)
