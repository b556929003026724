from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from conference.models import Membership, Message, Role, User
from sessions.models import Appearance, Session, Speaker
from sessions.operations.enrolling import join_waiting_list, take_seat
from sessions.operations.reminders import sweep
from tests.sessions import cast

LIST = "/organise/suzhou/programme/"


@pytest.fixture(autouse=True)
def travelled():
    with time_machine.travel(cast.NOW, tick=False):
        yield


def panel(conference, hour, title, **fields):
    return cast.make_session(
        conference,
        cast.venue_time(hour),
        **{
            "minutes": 60,
            "kind": "panel",
            "title_en": title,
            "title_zh": "",
            "takes_enrolments": False,
            **fields,
        },
    )


def said(**changes):
    """What the form of a new session says, as a browser sends it."""
    return {
        "title_en": "Rivers in town",
        "title_zh": "城市河湖",
        "kind": "side_event",
        "starts_at": "2026-11-03T16:00",
        "ends_at": "2026-11-03T17:00",
        "visibility": "public",
        **changes,
    }


def shown(page, *titles):
    return [title for title in titles if title in page.content.decode()]


def test_sessions_are_listed_day_by_day(desk, conference, room):
    panel(conference, 9, "Opening", room=room)
    cast.make_session(conference, cast.venue_time(9, day=4), title_en="Visit", capacity=45)
    page = desk.get(LIST).content.decode()
    first, opening, second, visit = (
        page.index(words)
        for words in ("Tue 3 Nov 2026</h2>", "Opening", "Wed 4 Nov 2026</h2>", "Visit")
    )
    assert first < opening < second < visit
    assert "0 / 45" in page
    assert "Lotus Room" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=open", ["Opening"]),
        ("q=zhu", ["Panel"]),
        ("day=2026-11-04", ["Visit"]),
        ("kind=side_event", ["Visit"]),
        ("state=draft", ["Draft"]),
        ("state=cancelled", ["Gone"]),
        ("day=nonsense&room=x&kind=x&state=x", ["Opening", "Panel", "Visit", "Draft", "Gone"]),
        ("q=nothing", []),
    ],
)
def test_filters_narrow_the_list(desk, conference, query, found):
    panel(conference, 9, "Opening")
    second = panel(conference, 11, "Panel")
    speaker = Speaker.objects.create(conference=conference, name_en="Zhu Yongxin")
    Appearance.objects.create(session=second, speaker=speaker)
    Appearance.objects.create(session=second, speaker=speaker, part="chair")
    cast.make_session(conference, cast.venue_time(9, day=4), title_en="Visit")
    panel(conference, 13, "Draft", published_at=None)
    panel(conference, 14, "Gone", cancelled_at=cast.NOW)
    rows = desk.get(f"{LIST}?{query}").context["page"].object_list
    assert [session.title_en for session in rows] == sorted(
        found, key=["Opening", "Panel", "Draft", "Gone", "Visit"].index
    )


def test_a_room_filters_too(desk, conference, room):
    panel(conference, 9, "Opening", room=room)
    panel(conference, 9, "Elsewhere")
    rows = desk.get(f"{LIST}?room={room.pk}").context["page"].object_list
    assert [session.title_en for session in rows] == ["Opening"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_longer_list_costs_no_more(desk, conference, room, count, django_assert_num_queries):
    for hour in range(count):
        panel(conference, 9 + hour, f"Panel {hour}", room=room)
    with django_assert_num_queries(11):
        desk.get(LIST)


def test_an_empty_list_says_what_it_is_for(desk):
    assert "Put the first one on the programme" in desk.get(LIST).content.decode()


def test_rooms_stand_side_by_side(desk, conference, room):
    panel(conference, 9, "Opening", room=room)
    panel(conference, 9, "Elsewhere")
    page = desk.get(f"{LIST}rooms/")
    plan = page.context["plan"]
    assert [(column.room, column.lanes) for column in plan.columns] == [(room, 1), (None, 1)]
    assert shown(page, "Opening", "Elsewhere", "荷花厅") == ["Opening", "Elsewhere", "荷花厅"]
    assert desk.get(f"{LIST}rooms/?day=2026-13-99").status_code == 200


def test_a_new_session_is_a_draft_in_venue_time(desk, conference, room):
    answer = desk.post(f"{LIST}new/", said(room=room.pk, takes_enrolments="on", capacity=20))
    session = Session.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{LIST}{session.pk}/")
    assert (session.starts_at, session.room, session.capacity, session.published_at) == (
        cast.venue_time(16),
        room,
        20,
        None,
    )
    form = desk.get(f"{LIST}{session.pk}/edit/").content.decode()
    assert 'value="2026-11-03T16:00"' in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title_en": "", "title_zh": ""}, "Give a title in at least one language."),
        ({"ends_at": "2026-11-03T15:00"}, "A session ends after it starts."),
        ({"starts_at": ""}, "This field is required."),
        ({"remind_minutes_before": "30"}, "let delegates take seats as well"),
        ({"capacity": "0", "takes_enrolments": "on"}, "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_is_lost(desk, changes, words):
    answer = desk.post(f"{LIST}new/", said(summary_zh="关于清洁水体", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "关于清洁水体" in page
    assert Session.objects.count() == 0


def test_a_time_that_the_clocks_skip_is_refused(desk, conference):
    conference.timezone = "America/New_York"
    conference.save()
    skipped = said(starts_at="2026-03-08T02:30", ends_at="2026-03-08T04:00")
    answer = desk.post(f"{LIST}new/", skipped)
    assert answer.status_code == 422
    assert "may not exist" in answer.content.decode()


def test_a_taken_room_is_refused_with_the_name_of_who_has_it(desk, conference, room):
    panel(conference, 16, "Dialogue", room=room)
    answer = desk.post(f"{LIST}new/", said(room=room.pk))
    assert answer.status_code == 422
    assert "This room is taken at that time by: Dialogue." in answer.content.decode()
    assert Session.objects.count() == 1


def test_fewer_seats_than_taken_are_refused_beside_the_field(desk, session, alice, bo):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=cast.NOW)
    answer = desk.post(f"{LIST}{session.pk}/edit/", said(takes_enrolments="on", capacity=1))
    assert answer.status_code == 422
    assert "More seats are already taken" in answer.content.decode()


def test_rooms_of_another_conference_are_not_offered(desk, conference):
    theirs = cast.make_room(cast.make_conference("tacoma"))
    assert desk.post(f"{LIST}new/", said(room=theirs.pk)).status_code == 422


def test_cancelling_asks_for_a_reason_and_tells_everybody(desk, session, alice):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    path = f"{LIST}{session.pk}/cancel/"
    assert "1 delegate with a seat or waiting is told by mail." in desk.get(path).content.decode()
    assert desk.post(path, {}).status_code == 422
    desk.post(path, {"reason_zh": "台风"})
    session.refresh_from_db()
    assert (session.is_cancelled, session.cancel_reason_zh) == (True, "台风")
    assert Message.objects.get().to_email == alice.email
    assert desk.get(path).status_code == 404
    assert desk.get(f"{LIST}{session.pk}/edit/").status_code == 404
    assert "台风" in desk.get(f"{LIST}{session.pk}/").content.decode()


def test_a_session_shows_its_people_and_its_reminders(desk, conference, alice, bo, carl):
    session = cast.make_session(conference, capacity=2, remind_minutes_before=30)
    silent = cast.make_delegate(conference, "Sid", "Sly", email="")
    for delegate in (bo, silent):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=cast.NOW)
    join_waiting_list(session_id=session.pk, delegate_id=carl.pk, now=cast.NOW)
    sweep(now=cast.venue_time(13, 30))
    page = desk.get(f"{LIST}{session.pk}/").content.decode()
    for words in (
        "2 / 2",
        "Chen Bo",
        "陈博",
        "加利福尼亚州",
        "Carl Cole",
        "Reminders: queued",
        "1 delegate with a seat has no e-mail address",
        "Tue 3 Nov 2026, 13:30",
        "30 minutes before the start",
    ):
        assert words in page, words


@pytest.mark.parametrize("count", [1, 3])
def test_a_longer_list_of_seats_costs_no_more(desk, conference, count, django_assert_num_queries):
    session = cast.make_session(conference, capacity=count)
    for number in range(2 * count):
        join_waiting_list(
            session_id=session.pk,
            delegate_id=cast.make_delegate(conference, f"P{number}").pk,
            now=cast.NOW,
        )
    with django_assert_num_queries(11):
        desk.get(f"{LIST}{session.pk}/")


def test_speakers_are_added_and_removed(desk, conference, session):
    path = f"{LIST}{session.pk}/speakers/"
    assert desk.post(path, {"part": "chair"}).status_code == 422
    desk.post(path, {"name_en": "Zhu Yongxin", "name_zh": "朱永新", "part": "reader"})
    appearance = session.appearances.get()
    assert (str(appearance.speaker), appearance.part) == ("Zhu Yongxin", "reader")
    desk.post(path, {"speaker": appearance.speaker.pk, "part": "chair"})
    assert Speaker.objects.count() == 1
    assert session.appearances.count() == 2
    desk.post(f"{path}{appearance.pk}/remove/")
    assert [one.part for one in session.appearances.all()] == ["chair"]


def test_publishing_shows_what_changes_and_makes_a_version(desk, conference):
    opening = panel(conference, 9, "Opening", published_at=None)
    panel(conference, 10, "Not ready", published_at=None)
    path = f"{LIST}publish/"
    assert shown(desk.get(path), "Opening", "Not ready") == ["Opening", "Not ready"]
    page = desk.post(path, {"session": [opening.pk]}, follow=True)
    assert "Version 1 is published." in page.content.decode()
    assert list(Session.objects.public()) == [opening]
    desk.post(f"{LIST}{opening.pk}/edit/", said(title_en="Opening", kind="panel"))
    assert "Tue 3 Nov 2026, 09:00–10:00 → Tue 3 Nov 2026, 16:00–17:00" in (
        desk.get(path).content.decode()
    )
    again = desk.post(path, {"session": []}, follow=True).content.decode()
    assert "Version 2 is published." in again
    assert "Nothing has changed since the last version." in (
        desk.post(path, {"session": []}, follow=True).content.decode()
    )


def test_the_list_of_seats_is_taken_along(desk, conference, alice, bo, carl):
    session = cast.make_session(conference, capacity=2)
    alice.family_name, alice.title_en, bo.title_en = "=HYPERLINK(1)", "+86 mayor", "Vice\x01Mayor"
    alice.save()
    bo.save()
    for delegate in (alice, bo, carl):
        join_waiting_list(session_id=session.pk, delegate_id=delegate.pk, now=cast.NOW)
    text = desk.get(f"{LIST}{session.pk}/enrolled.csv").content.decode("utf-8-sig")
    rows = [line.split(",") for line in text.splitlines()]
    assert [row[1] for row in rows] == ["Name", "Alice =HYPERLINK(1)", "Chen Bo", "Carl Cole"]
    assert [row[0] for row in rows[1:]] == ["seat taken", "seat taken", "on the waiting list"]
    assert (rows[1][3], rows[2][2]) == ("'+86 mayor", "陈博")

    answer = desk.get(f"{LIST}{session.pk}/enrolled.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][1:5] == [
        "Alice =HYPERLINK(1)",
        None,
        "+86 mayor",
        None,
    ]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}


READ = ["", "rooms/", "{pk}/", "{pk}/enrolled.csv", "{pk}/enrolled.xlsx"]
WRITE = ["new/", "publish/", "{pk}/edit/", "{pk}/cancel/", "{pk}/speakers/"]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.ORGANISER, 200, 200),
        (Role.PROGRAMME, 200, 200),
        (Role.PROTOCOL, 200, 404),
        (Role.DESK, 404, 404),
        (Role.VIEWER, 404, 404),
        (None, 404, 404),
    ],
)
def test_who_may_read_and_who_may_write(client, session, role, reads, writes):
    user = User.objects.create_user("somebody@example.org")
    if role:
        Membership.objects.create(conference=session.conference, user=user, role=role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for expected, paths in ((reads, READ), (writes, WRITE)):
        for path in paths:
            assert client.get(LIST + path.format(pk=session.pk)).status_code == expected, path


def test_sessions_of_another_conference_do_not_exist(desk, conference):
    theirs = cast.make_session(cast.make_conference("tacoma"))
    for path in READ[2:] + WRITE[2:]:
        assert desk.get(LIST + path.format(pk=theirs.pk)).status_code == 404, path


def test_only_readers_with_rights_are_offered_deeds(client, conference, session):
    user = User.objects.create_user("petra@example.org")
    Membership.objects.create(conference=conference, user=user, role=Role.PROTOCOL)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "/edit/" not in client.get(f"{LIST}{session.pk}/").content.decode()
    assert "/new/" not in client.get(LIST).content.decode()
