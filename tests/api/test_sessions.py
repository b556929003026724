"""The programme as other programs read it."""

from datetime import timedelta

import pytest

from sessions.models import Appearance, Session, Speaker
from tests import factories
from tests.factories import HOUR, MORNING

LIST = "/api/v1/conferences/suzhou/sessions/"
EVERYWHERE = "/api/v1/sessions/"


def titles(answer):
    return [row["title"]["en"] for row in answer.json()["results"]]


@pytest.fixture
def programme(suzhou, tacoma):
    """One session for each circle of readers, an hour after the other, and one elsewhere."""
    for number, (title, fields) in enumerate(
        {
            "Opening": {},
            "Reception": {"visibility": "delegates"},
            "Briefing": {"visibility": "staff", "kind": "briefing"},
            "Draft": {"published_at": None},
        }.items()
    ):
        factories.make_session(suzhou, title, starts_at=MORNING + number * HOUR, **fields)
    return factories.make_session(tacoma, "Elsewhere", starts_at=MORNING + 9 * HOUR)


def test_everybody_reads_the_public_programme_of_published_conferences(client, programme):
    assert titles(client.get(LIST)) == titles(client.get(EVERYWHERE)) == ["Opening"]
    assert client.get("/api/v1/conferences/tacoma/sessions/").status_code == 404
    assert client.get(f"{EVERYWHERE}{programme.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("organiser", ["Opening", "Reception", "Briefing", "Draft"]),
        ("protocol", ["Opening", "Reception", "Briefing", "Draft"]),
        ("programme", ["Opening", "Reception", "Briefing", "Draft"]),
        ("desk", ["Opening", "Reception", "Briefing"]),
        ("viewer", ["Opening", "Reception", "Briefing"]),
    ],
)
def test_the_team_reads_more_of_it(programme, reading, token, role, found):
    assert titles(reading(token=token(role)).get(LIST)) == found


def test_delegates_read_what_is_for_delegates_with_its_seats(programme, alice, reading):
    alice.user = factories.make_user("alice@example.org")
    alice.save()
    answer = reading(alice.user).get(LIST)
    assert titles(answer) == ["Opening", "Reception"]
    assert answer.json()["results"][0]["seats"] == {
        "takes_enrolments": False,
        "capacity": None,
        "seats_taken": 0,
        "free": None,
    }


def test_a_session_of_another_conference_is_not_found_under_this_one(programme, reading, organiser):
    assert reading(organiser).get(f"{LIST}{programme.pk}/").status_code == 404


def test_a_session_says_when_by_which_clock_where_and_who(client, suzhou):
    room = factories.make_room(suzhou, name_zh="荷花厅", floor="2")
    session = factories.make_session(
        suzhou, "Green cities", title_zh="绿色城市", room=room, starts_at=MORNING - 9 * HOUR
    )
    speaker = Speaker.objects.create(
        conference=suzhou, name_en="Li Na", name_zh="李娜", title_en="Planner", uncertain=True
    )
    Appearance.objects.create(session=session, speaker=speaker, part="keynote")
    row = client.get(f"{LIST}{session.pk}/").json()
    expected = {
        "id": session.pk,
        "uid": str(session.uid),
        "conference": "suzhou",
        "kind": "plenary",
        "title": {"en": "Green cities", "zh": "绿色城市"},
        "timezone": "Asia/Shanghai",
        "starts_at": "2026-11-02T16:30:00Z",
        "ends_at": "2026-11-02T17:30:00Z",
        "day": "2026-11-03",
        "room": {
            "id": room.pk,
            "name": {"en": "Lotus Room", "zh": "荷花厅"},
            "venue": {"en": "Lake Centre", "zh": "湖滨中心"},
            "floor": "2",
        },
        "appearances": [
            {
                "part": "keynote",
                "name": {"en": "Li Na", "zh": "李娜"},
                "title": {"en": "Planner", "zh": ""},
                "uncertain": True,
            }
        ],
        "seats": None,
        "cancelled_at": None,
    }
    assert {key: row[key] for key in expected} == expected


def test_a_cancelled_session_stays_and_says_why(client, suzhou):
    session = factories.make_session(
        suzhou, cancelled_at=factories.NOW, cancel_reason_en="Storm", cancel_reason_zh="暴风雨"
    )
    row = client.get(f"{LIST}{session.pk}/").json()
    assert row["cancelled_at"] == "2026-10-01T02:00:00Z"
    assert row["cancel_reason"] == {"en": "Storm", "zh": "暴风雨"}


def test_a_day_begins_and_ends_by_the_clocks_of_the_venue(client, suzhou):
    midnight = MORNING.replace(hour=16, minute=0) - timedelta(days=1)
    for title, minutes in (("before", -1), ("first", 0), ("last", 24 * 60 - 1), ("after", 24 * 60)):
        factories.make_session(suzhou, title, starts_at=midnight + timedelta(minutes=minutes))
    assert titles(client.get(LIST, {"day": "2026-11-03"})) == ["first", "last"]
    assert titles(client.get(EVERYWHERE, {"day": "2026-11-04"})) == ["after"]


def test_sessions_are_found_by_kind_room_time_words_and_change(client, suzhou):
    room = factories.make_room(suzhou)
    factories.make_session(suzhou, "Opening", room=room)
    visit = factories.make_session(
        suzhou, "Gardens", title_zh="园林", kind="field_visit", starts_at=MORNING + 5 * HOUR
    )
    factories.make_session(suzhou, "Lunch", kind="meal", starts_at=MORNING + 3 * HOUR)
    Session.objects.update(changed_at=factories.NOW)
    Session.objects.filter(pk=visit.pk).update(
        changed_at=MORNING + 24 * HOUR, cancelled_at=factories.NOW
    )
    for asked, found in (
        ({"kind": ["field_visit", "meal"]}, ["Lunch", "Gardens"]),
        ({"room": room.pk}, ["Opening"]),
        ({"starts_after": "2026-11-03T04:30:00Z"}, ["Lunch", "Gardens"]),
        ({"starts_before": "2026-11-03T12:30:00+08:00"}, ["Opening"]),
        ({"q": "园林"}, ["Gardens"]),
        ({"q": "lotus"}, ["Opening"]),
        ({"updated_since": "2026-11-04T00:00:00Z"}, ["Gardens"]),
        ({"cancelled": "false"}, ["Opening", "Lunch"]),
        ({"cancelled": "true"}, ["Gardens"]),
        ({"ordering": "-starts_at"}, ["Gardens", "Lunch", "Opening"]),
    ):
        assert titles(client.get(LIST, asked)) == found, asked


@pytest.mark.parametrize(
    ("instant", "status"),
    [
        ("2026-11-03T12:30:00-18:06", 200),
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59-14:00", 400),
        ("soon", 400),
    ],
)
def test_an_instant_with_any_offset_is_read_or_refused_in_words(client, suzhou, instant, status):
    answer = client.get(LIST, {"starts_after": instant})
    assert answer.status_code == status
    if status == 400:
        assert list(answer.json()["errors"]) == ["starts_after"]


def test_the_list_costs_the_same_for_one_and_for_three(
    suzhou, organiser, reading, django_assert_num_queries
):
    speaker = Speaker.objects.create(conference=suzhou, name_en="Li Na")

    def one_more(number):
        room = factories.make_room(suzhou, f"Room {number}")
        session = factories.make_session(suzhou, f"Session {number}", room=room)
        Appearance.objects.create(session=session, speaker=speaker)

    client = reading(organiser)
    one_more(1)
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    one_more(2)
    one_more(3)
    with django_assert_num_queries(8):
        client.get(LIST)
