from datetime import timedelta

from sessions.documents.agenda import Part, agenda_of
from sessions.operations.enrolling import join_waiting_list, take_seat
from sessions.operations.scheduling import cancel_session, change_session
from tests.sessions import cast


def for_all(conference, hour, title, **fields):
    starts = cast.venue_time(hour)
    return cast.make_session(
        conference, starts, title_en=title, takes_enrolments=False, minutes=60, **fields
    )


def titles(items):
    return [item.session.title_en for item in items]


def test_days_are_those_of_the_venue(conference, alice, now):
    cast.make_session(conference, cast.venue_time(23, day=3), minutes=30, title_en="Late")
    cast.make_session(conference, cast.venue_time(0, 30, day=4), minutes=30, title_en="Early")
    days = agenda_of(alice, now=now).days
    assert [(day.date.day, titles(day.items)) for day in days] == [(3, ["Late"]), (4, ["Early"])]


def test_delegates_do_not_see_drafts_and_what_is_for_staff(conference, alice, now):
    for_all(conference, 9, "Seen", visibility="delegates")
    for_all(conference, 10, "Draft", published_at=None)
    for_all(conference, 11, "Staff", visibility="staff")
    assert titles(agenda_of(alice, now=now).items) == ["Seen"]


def test_what_a_session_is_to_a_delegate(conference, alice, bo, now):
    everybody = for_all(conference, 8, "For all")
    mine = cast.make_session(conference, cast.venue_time(9), minutes=60)
    full = cast.make_session(conference, cast.venue_time(10), minutes=60, capacity=1)
    waited = cast.make_session(conference, cast.venue_time(11), minutes=60, capacity=1)
    free = cast.make_session(conference, cast.venue_time(12), minutes=60, capacity=1)
    take_seat(session_id=mine.pk, delegate_id=alice.pk, now=now)
    for session in (full, waited):
        take_seat(session_id=session.pk, delegate_id=bo.pk, now=now)
    join_waiting_list(session_id=waited.pk, delegate_id=alice.pk, now=now)
    agenda = agenda_of(alice, now=now)
    assert [agenda.item_of(one.pk).part for one in (everybody, mine, full, waited, free)] == [
        Part.FOR_ALL,
        Part.SEAT,
        Part.FULL,
        Part.WAITING,
        Part.OPEN,
    ]
    assert [item.may_take for item in agenda.items] == [False, False, False, False, True]
    assert [item.may_wait for item in agenda.items] == [False, False, True, False, False]
    assert [item.may_give_back for item in agenda.items] == [False, True, False, True, False]
    assert [item.is_mine for item in agenda.items] == [True, True, False, False, False]
    over = agenda_of(alice, now=cast.venue_time(18))
    assert over.item_of(free.pk).part is Part.CLOSED
    assert not any(item.may_change for item in over.items)


def test_where_to_be_now_and_next(conference, alice, now):
    for_all(conference, 9, "Opening")
    for_all(conference, 10, "Panel")
    chosen = cast.make_session(conference, cast.venue_time(14), title_en="Chosen")
    cast.make_session(conference, cast.venue_time(12), title_en="Not chosen")
    take_seat(session_id=chosen.pk, delegate_id=alice.pk, now=now)

    def at(hour, minute=0):
        agenda = agenda_of(alice, now=cast.venue_time(hour, minute))
        return [one and one.session.title_en for one in (agenda.now, agenda.next)]

    assert at(8) == [None, "Opening"]
    assert at(9) == ["Opening", "Panel"]
    assert at(10) == ["Panel", "Chosen"]
    assert at(11) == [None, "Chosen"]
    assert at(14, 30) == ["Chosen", None]
    assert at(15, 30) == [None, None]


def test_a_cancelled_session_is_shown_and_nobody_has_to_be_there(conference, alice, now):
    session = for_all(conference, 9, "Opening")
    cancel_session(session_id=session.pk, reason_en="Storm", actor=None, now=now)
    agenda = agenda_of(alice, now=cast.venue_time(9))
    assert titles(agenda.items) == ["Opening"]
    assert (agenda.now, agenda.next) == (None, None)


def test_two_seats_that_overlap_after_a_move_are_named(conference, alice, now):
    first = cast.make_session(conference, cast.venue_time(9), minutes=60)
    second = cast.make_session(conference, cast.venue_time(11), minutes=60)
    for session in (first, second):
        take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    change_session(
        session_id=second.pk, actor=None, now=now, starts_at=first.starts_at + timedelta(minutes=5)
    )
    agenda = agenda_of(alice, now=now)
    assert agenda.item_of(first.pk).clashes_with == (second,)
    assert agenda.item_of(second.pk).clashes_with == (first,)


def test_an_agenda_costs_three_queries_and_one_more_for_its_speakers(
    conference, alice, now, django_assert_num_queries
):
    for_all(conference, 9, "One")
    with django_assert_num_queries(3):
        agenda_of(alice, now=now)
    for hour in (10, 11):
        for_all(conference, hour, f"At {hour}")
    with django_assert_num_queries(3):
        agenda_of(alice, now=now)
