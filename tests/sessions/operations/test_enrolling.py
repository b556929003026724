from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conference.models import Message
from delegates.models import Accreditation
from sessions.errors import EnrolmentClosed, NotAccredited, SessionFull, SessionsOverlap
from sessions.models import Enrolment, Session
from sessions.operations.enrolling import (
    free_seats_of_the_absent,
    give_back_seat,
    join_waiting_list,
    take_seat,
)
from tests.sessions import cast


def seats(session):
    """Return who has a seat, and check that the count in the session agrees."""
    session.refresh_from_db()
    taken = session.enrolments.filter(state="seat").order_by("created_at", "pk")
    assert session.seats_taken == taken.count()
    return [enrolment.delegate for enrolment in taken]


def waiting(session):
    rows = session.enrolments.filter(state="waiting").order_by("created_at", "pk")
    return [enrolment.delegate for enrolment in rows]


def test_a_delegate_takes_a_seat(session, alice, now):
    enrolment = take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert (enrolment.state, enrolment.created_at) == ("seat", now)
    assert seats(session) == [alice]


def test_taking_twice_changes_nothing(session, alice, now):
    first = take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    again = take_seat(session_id=session.pk, delegate_id=alice.pk, now=now + timedelta(hours=1))
    assert (again.pk, again.created_at) == (first.pk, first.created_at)
    assert seats(session) == [alice]


def test_a_full_session_refuses_and_leaves_no_trace(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    with pytest.raises(SessionFull):
        take_seat(session_id=session.pk, delegate_id=carl.pk, now=now)
    assert seats(session) == [alice, bo]
    assert waiting(session) == []


def test_without_a_limit_there_is_always_a_seat(conference, alice, bo, now):
    session = cast.make_session(conference, capacity=None)
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    assert seats(session) == [alice, bo]


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"cancelled_at": cast.NOW},
        {"takes_enrolments": False},
        {"starts_at": cast.NOW, "ends_at": cast.NOW + timedelta(hours=1)},
    ],
    ids=["not published", "cancelled", "takes no seats", "begins now"],
)
def test_seats_of_a_closed_session_are_neither_taken_nor_given_back(session, alice, now, fields):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    Session.objects.filter(pk=session.pk).update(**fields)
    for deed in (take_seat, join_waiting_list, give_back_seat):
        with pytest.raises(EnrolmentClosed):
            deed(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert seats(session) == [alice]


@pytest.mark.parametrize("state", [None, "nominated", "submitted", "refused", "withdrawn"])
def test_seats_are_for_the_accredited(conference, session, now, state):
    delegate = cast.make_delegate(conference, "Una", "Uhl", state=state)
    with pytest.raises(NotAccredited):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    assert seats(session) == []


def test_who_withdrew_takes_no_seat(session, alice, now):
    alice.withdrawn_at = now
    alice.save()
    with pytest.raises(NotAccredited):
        take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)


def test_a_session_of_another_conference_does_not_exist(session, now):
    stranger = cast.make_delegate(cast.make_conference("tacoma"))
    with pytest.raises(Session.DoesNotExist):
        take_seat(session_id=session.pk, delegate_id=stranger.pk, now=now)


def test_a_session_for_staff_does_not_exist(conference, alice, now):
    session = cast.make_session(conference, visibility=Session.Visibility.STAFF)
    with pytest.raises(Session.DoesNotExist):
        take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)


def test_a_second_seat_at_the_same_time_is_refused(conference, session, alice, now):
    other = cast.make_session(conference, cast.venue_time(15), title_en="Rivers in town")
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    for deed in (take_seat, join_waiting_list):
        with pytest.raises(SessionsOverlap):
            deed(session_id=other.pk, delegate_id=alice.pk, now=now)
    assert seats(other) == []


def test_a_session_that_begins_as_the_other_ends_is_no_overlap(conference, session, alice, now):
    other = cast.make_session(conference, cast.venue_time(15, 30))
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    take_seat(session_id=other.pk, delegate_id=alice.pk, now=now)
    assert seats(other) == [alice]


def test_a_cancelled_session_is_in_nobodys_way(conference, session, alice, now):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    Session.objects.filter(pk=session.pk).update(cancelled_at=now)
    other = cast.make_session(conference)
    take_seat(session_id=other.pk, delegate_id=alice.pk, now=now)
    assert seats(other) == [alice]


def test_who_waits_moves_up_in_order_and_is_told(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    dora = cast.make_delegate(session.conference, "Dora", "Dee")
    for minute, delegate in enumerate((carl, dora)):
        joined = join_waiting_list(
            session_id=session.pk, delegate_id=delegate.pk, now=now + timedelta(minutes=minute)
        )
        assert joined.state == "waiting"
    assert waiting(session) == [carl, dora]

    later = now + timedelta(hours=1)
    give_back_seat(session_id=session.pk, delegate_id=alice.pk, now=later)

    assert (seats(session), waiting(session)) == ([bo, carl], [dora])
    assert session.enrolments.get(delegate=carl).created_at == later
    letter = Message.objects.get()
    assert (letter.to_email, letter.purpose) == (carl.email, "session_seat")
    assert "You have a seat: Cities and the climate, Tue 3 Nov 2026, 14:00" in letter.subject


def test_who_gave_back_and_waits_again_is_told_again(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    for leaving in (alice, bo):
        join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=now)
        give_back_seat(session_id=session.pk, delegate_id=leaving.pk, now=now)
        give_back_seat(session_id=session.pk, delegate_id=carl.pk, now=now)
        take_seat(session_id=session.pk, delegate_id=leaving.pk, now=now)
    assert Message.objects.filter(to_email=carl.email).count() == 2


def test_who_waits_without_an_address_moves_up_and_finds_the_letter_in_the_inbox(
    conference, session, alice, bo, now
):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    silent = cast.make_delegate(conference, "Sid", "Sly", email="")
    join_waiting_list(session_id=session.pk, delegate_id=silent.pk, now=now)
    give_back_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert seats(session) == [bo, silent]
    letter = Message.objects.get()
    assert (letter.recipient, letter.to_email) == (f"delegate:{silent.pk}", "")
    assert letter.state == Message.State.INBOX


def test_who_has_a_seat_elsewhere_by_now_is_passed_over(conference, alice, bo, carl, now):
    session = cast.make_session(conference, capacity=1)
    other = cast.make_session(conference, cast.venue_time(14, 30))
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    for delegate in (bo, carl):
        join_waiting_list(session_id=session.pk, delegate_id=delegate.pk, now=now)
    take_seat(session_id=other.pk, delegate_id=bo.pk, now=now)
    give_back_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert (seats(session), waiting(session)) == ([carl], [bo])


def test_joining_the_waiting_list_of_a_session_with_seats_is_a_seat(session, alice, now):
    joined = join_waiting_list(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert joined.state == "seat"
    assert seats(session) == [alice]


def test_who_waits_can_take_a_seat_that_came_free(conference, alice, bo, now):
    session = cast.make_session(conference, capacity=1)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=bo.pk, now=now)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    taken = take_seat(session_id=session.pk, delegate_id=bo.pk, now=now)
    assert taken.state == "seat"
    assert seats(session) == [alice, bo]


def test_giving_back_twice_changes_nothing(session, alice, bo, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    for _ in range(2):
        give_back_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    assert seats(session) == [bo]


def test_leaving_the_waiting_list_frees_no_seat(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=now)
    give_back_seat(session_id=session.pk, delegate_id=carl.pk, now=now)
    assert (seats(session), waiting(session)) == ([alice, bo], [])


def test_seats_of_those_who_will_not_come_go_to_those_who_wait(session, alice, bo, carl, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=now)
    Accreditation.objects.filter(delegate=alice).update(state="withdrawn")
    assert free_seats_of_the_absent(now=now) == 1
    assert (seats(session), waiting(session)) == ([bo, carl], [])
    assert free_seats_of_the_absent(now=now) == 0


class SeatsKeepTheirPromises(TestCase):
    """Whatever people do, nobody is in two places at once and no session is overbooked."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        times=st.lists(
            st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 2)),
            min_size=2,
            max_size=4,
        ),
        deeds=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=25
        ),
    )
    def test_any_history(self, times, deeds):
        conference = cast.make_conference()
        sessions = [
            cast.make_session(
                conference,
                cast.venue_time(8) + timedelta(minutes=30 * start),
                minutes=30 * length,
                capacity=capacity,
            )
            for start, length, capacity in times
        ]
        people = [cast.make_delegate(conference, f"P{number}") for number in range(3)]
        operations = (take_seat, join_waiting_list, give_back_seat)
        for who, where, what in deeds:
            session = sessions[where % len(sessions)]
            with suppress(SessionFull, SessionsOverlap):
                operations[what](session_id=session.pk, delegate_id=people[who].pk, now=cast.NOW)
        for session in sessions:
            assert len(seats(session)) <= session.capacity
        for person in people:
            own = Enrolment.objects.filter(delegate=person, state="seat")
            taken = sorted(
                (one.session for one in own.select_related("session")),
                key=lambda session: session.starts_at,
            )
            for earlier, later in pairwise(taken):
                assert earlier.ends_at <= later.starts_at
