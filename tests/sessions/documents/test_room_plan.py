from sessions.documents.room_plan import room_plan
from tests.sessions import cast


def drawn(plan):
    """Write the plan as it would be read: the time, then each cell as title and height."""
    return [
        (
            start.astimezone(cast.SHANGHAI).strftime("%H:%M"),
            [(cell.session and cell.session.title_en, cell.rows) for cell in cells],
        )
        for start, cells in plan.rows
    ]


def test_rooms_stand_in_the_order_of_their_first_use_and_free_time_is_empty(conference):
    hall, lotus = cast.make_room(conference, "Hall"), cast.make_room(conference, "Lotus")
    late = cast.make_session(conference, cast.venue_time(11), minutes=60, room=lotus, title_en="C")
    early = cast.make_session(conference, cast.venue_time(9), minutes=60, room=hall, title_en="A")
    long = cast.make_session(conference, cast.venue_time(10), minutes=120, room=hall, title_en="B")
    plan = room_plan([late, early, long])
    assert [(column.room, column.lanes) for column in plan.columns] == [(hall, 1), (lotus, 1)]
    assert drawn(plan) == [
        ("09:00", [("A", 1), (None, 2)]),
        ("10:00", [("B", 2)]),
        ("11:00", [("C", 1)]),
    ]


def test_sessions_at_one_time_in_an_open_space_get_lanes(conference):
    foyer = cast.make_room(conference, "Foyer", allows_overlap=True)
    sessions = [
        cast.make_session(
            conference,
            cast.venue_time(hour),
            minutes=60,
            room=foyer,
            room_exclusive=False,
            title_en=title,
        )
        for hour, title in ((9, "A"), (9, "B"), (11, "C"))
    ]
    plan = room_plan(sessions)
    assert [column.lanes for column in plan.columns] == [2]
    assert drawn(plan) == [
        ("09:00", [("A", 1), ("B", 1)]),
        ("10:00", [(None, 1), (None, 2)]),
        ("11:00", [("C", 1)]),
    ]


def test_a_day_without_sessions_has_no_rows():
    plan = room_plan([])
    assert (plan.columns, plan.rows) == ((), ())
