"""Many reach for the last seat, the last room, the one letter: each goes to one."""

from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db.models import F

from conference.models import Message
from conference.operations import mailing
from sessions.errors import NothingToPublish
from sessions.models import Enrolment, Session
from sessions.operations import enrolling, releasing, reminders, scheduling
from tests.sessions import cast
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CROWD = 12


@pytest.fixture
def conference():
    return cast.make_conference()


def state_of(deed, **arguments):
    def do():
        outcome = deed(now=cast.NOW, **arguments)
        return getattr(outcome, "state", "done")

    return or_code(do)


def crowd(conference, number=CROWD):
    return [cast.make_delegate(conference, f"P{n:02}") for n in range(number)]


def is_true(session):
    """Whether the count in the session is the number of seats."""
    session.refresh_from_db()
    return session.seats_taken == session.enrolments.filter(state="seat").count()


def test_without_the_conditional_update_the_last_seat_is_sold_twice(conference):
    """The race is real: reading and then writing oversells, were it not for the constraint."""
    session = cast.make_session(conference, capacity=None)
    limit = 1
    read = Barrier(2)

    def read_then_write():
        taken = Session.objects.get(pk=session.pk).seats_taken
        read.wait()
        if taken < limit:
            Session.objects.filter(pk=session.pk).update(seats_taken=F("seats_taken") + 1)

    at_once(*[read_then_write] * 2)
    session.refresh_from_db()
    assert session.seats_taken == 2


def test_the_last_seat_goes_to_one(conference):
    session = cast.make_session(conference, capacity=1)
    deeds = [
        state_of(enrolling.take_seat, session_id=session.pk, delegate_id=one.pk)
        for one in crowd(conference)
    ]
    assert sorted(at_once(*deeds)) == ["seat", *["session_full"] * (CROWD - 1)]
    assert is_true(session)
    assert session.enrolments.count() == 1


def test_one_person_who_taps_many_times_has_one_seat(conference):
    session = cast.make_session(conference, capacity=5)
    alice = cast.make_delegate(conference)
    deed = state_of(enrolling.take_seat, session_id=session.pk, delegate_id=alice.pk)
    assert at_once(*[deed] * CROWD) == ["seat"] * CROWD
    assert is_true(session)
    assert session.seats_taken == 1


def test_one_person_does_not_get_two_seats_at_one_time(conference):
    sessions = [cast.make_session(conference, capacity=5) for _ in range(6)]
    alice = cast.make_delegate(conference)
    deeds = [
        state_of(enrolling.take_seat, session_id=session.pk, delegate_id=alice.pk)
        for session in sessions
    ]
    assert sorted(at_once(*deeds)) == ["seat", *["sessions_overlap"] * 5]
    assert Enrolment.objects.filter(delegate=alice).count() == 1


def test_seats_given_back_and_waited_for_at_once_all_find_somebody(conference):
    session = cast.make_session(conference, capacity=4)
    people = crowd(conference)
    seated, waiting = people[:4], people[4:]
    for one in seated:
        enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    leave = [
        state_of(enrolling.give_back_seat, session_id=session.pk, delegate_id=one.pk)
        for one in seated
    ]
    join = [
        state_of(enrolling.join_waiting_list, session_id=session.pk, delegate_id=one.pk)
        for one in waiting
    ]
    at_once(*(deed for pair in zip(leave, join, strict=False) for deed in pair), *join[4:])
    assert is_true(session)
    assert session.seats_taken == 4
    assert session.enrolments.filter(state="waiting").count() == len(waiting) - 4
    assert Message.objects.filter(purpose="session_seat").count() <= 4


def test_giving_back_one_and_taking_another_at_once_never_locks_up(conference):
    """Everybody waits in the other's session: a wrong order of locks would be a deadlock."""
    one = cast.make_session(conference, capacity=3)
    two = cast.make_session(conference, capacity=3)
    people = crowd(conference)
    for session, here in ((one, people[:3]), (two, people[3:6])):
        for person in here:
            enrolling.take_seat(session_id=session.pk, delegate_id=person.pk, now=cast.NOW)
    for person in people[6:]:
        for session in (one, two):
            enrolling.join_waiting_list(session_id=session.pk, delegate_id=person.pk, now=cast.NOW)
    deeds = [
        state_of(enrolling.give_back_seat, session_id=session.pk, delegate_id=person.pk)
        for session, here in ((one, people[:3]), (two, people[3:6]))
        for person in here
    ]
    assert at_once(*deeds) == ["done"] * 6
    assert is_true(one)
    assert is_true(two)
    assert (one.seats_taken, two.seats_taken) == (3, 3)
    seats = Enrolment.objects.filter(state="seat").values_list("delegate_id", flat=True)
    assert len(set(seats)) == 6


def test_one_room_at_one_time_goes_to_one_session(conference):
    room = cast.make_room(conference)
    start = cast.venue_time(9)

    def book(minutes):
        return lambda: scheduling.create_session(
            conference=conference,
            actor=None,
            now=cast.NOW,
            kind="panel",
            title_en=f"Panel {minutes}",
            room=room,
            starts_at=start + timedelta(minutes=minutes),
            ends_at=start + timedelta(minutes=minutes + 60),
        )

    outcomes = at_once(*(or_code(book(minutes)) for minutes in range(CROWD)))
    assert [outcome for outcome in outcomes if outcome != "room_taken"] == list(
        conference.sessions.all()
    )
    assert conference.sessions.count() == 1


def test_versions_of_the_programme_have_no_gap_and_no_double(conference):
    sessions = [
        cast.make_session(conference, cast.venue_time(9 + n), published_at=None) for n in range(4)
    ]

    def publish(keep):
        held_back = [session.pk for session in sessions if session != keep]
        return lambda: (
            releasing.publish_programme(
                conference=conference, actor=None, now=cast.NOW, held_back=held_back
            ).number
        )

    assert sorted(at_once(*(publish(session) for session in sessions))) == [1, 2, 3, 4]
    with pytest.raises(NothingToPublish):
        publish(sessions[0])()


def test_many_beats_and_workers_make_one_reminder_and_send_it_once(
    conference, settings, mail_server
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(mail_server.url.rpartition(":")[2])
    session = cast.make_session(conference, remind_minutes_before=30)
    people = crowd(conference, 3)
    for one in people:
        enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    due = cast.venue_time(13, 30)

    at_once(*[lambda: reminders.sweep(now=due)] * 4)
    ids = mailing.due_message_ids(now=due)
    assert len(ids) == 3
    at_once(
        *(
            partial(mailing.deliver, message_id=pk, worker=f"w{worker}", now=due)
            for pk in ids
            for worker in range(3)
        )
    )
    at_once(*[lambda: reminders.sweep(now=due + timedelta(minutes=1))] * 4)

    assert sorted(mail_server.recipients) == sorted(one.email for one in people)
    assert Message.objects.filter(state="sent").count() == 3
    assert Message.objects.count() == 3
