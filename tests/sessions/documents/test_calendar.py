from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar as Library

from sessions.documents.agenda import calendar_sessions
from sessions.documents.calendar import Agenda, write
from sessions.models import Session
from sessions.operations.enrolling import join_waiting_list, take_seat
from sessions.operations.scheduling import cancel_session, change_session
from tests.sessions import cast
from tests.sessions.documents import strict_icalendar as strict
from tests.sessions.documents.strict_icalendar import events, value_of

URL = "http://127.0.0.1:8000/me/agenda/"


def written(delegate, language=None):
    return write(
        Agenda(
            conference=delegate.conference,
            sessions=calendar_sessions(delegate),
            language=language or delegate.language,
            owner=delegate.display_name,
            url=URL,
        )
    )


def summaries(delegate):
    return [value_of(event, "SUMMARY") for event in events(strict.read(written(delegate)))]


@pytest.fixture
def opening(conference, room):
    return cast.make_session(
        conference,
        cast.venue_time(9),
        kind="plenary",
        title_en="Opening session",
        title_zh="开幕式",
        takes_enrolments=False,
        room=room,
    )


def test_an_agenda_without_sessions_is_a_calendar(alice):
    calendar = strict.read(written(alice))
    assert calendar["children"] == []
    assert value_of(calendar, "X-WR-CALNAME") == "5th Sister Cities Conference · Alice Ames"
    assert calendar["properties"]["REFRESH-INTERVAL"] == ({"VALUE": "DURATION"}, "PT30M")
    assert value_of(calendar, "X-PUBLISHED-TTL") == "PT30M"
    assert "METHOD" not in calendar["properties"]


def test_it_holds_what_is_for_all_and_the_delegates_own_seats(opening, session, alice, bo):
    conference = opening.conference
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    cast.make_session(conference, title_en="Draft", published_at=None, takes_enrolments=False)
    cast.make_session(conference, title_en="Staff", visibility="staff", takes_enrolments=False)
    cast.make_session(conference, title_en="Not mine")
    cast.make_session(cast.make_conference("tacoma"), title_en="Far", takes_enrolments=False)
    assert summaries(alice) == ["Opening session", "Cities and the climate"]
    assert summaries(bo) == ["开幕式"]


def test_a_place_on_the_waiting_list_is_no_appointment(conference, alice, bo, now):
    session = cast.make_session(conference, capacity=1)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=bo.pk, now=now)
    assert summaries(bo) == []


def test_an_entry_says_when_where_and_what_in_the_venues_zone(opening, alice):
    (event,) = events(strict.read(written(alice)))
    said = {name: value for name, (_, value) in event["properties"].items()}
    assert event["properties"]["DTSTART"] == ({"TZID": "Asia/Shanghai"}, "20261103T090000")
    assert event["properties"]["DTEND"] == ({"TZID": "Asia/Shanghai"}, "20261103T103000")
    changed = opening.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    assert said | {"DTSTART": "", "DTEND": ""} == {
        "UID": str(opening.uid),
        "DTSTAMP": changed,
        "LAST-MODIFIED": changed,
        "SEQUENCE": "0",
        "DTSTART": "",
        "DTEND": "",
        "SUMMARY": "Opening session",
        "LOCATION": "Lotus Room, floor 2, Conference Centre / 荷花厅，2 层，会议中心",
        "DESCRIPTION": "开幕式",
        "CATEGORIES": "plenary",
        "URL": f"{URL}#session-{opening.pk}",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
    }


def test_the_zone_has_its_own_rules(opening, alice):
    (zone,) = (part for part in strict.read(written(alice))["children"] if strict.is_zone(part))
    assert value_of(zone, "TZID") == "Asia/Shanghai"
    (rule,) = zone["children"]
    assert (rule["kind"], value_of(rule, "TZOFFSETFROM"), value_of(rule, "TZOFFSETTO")) == (
        "STANDARD",
        "+0800",
        "+0800",
    )


def test_rules_of_a_zone_with_summer_time_begin_in_the_time_before_them(db):
    conference = cast.make_conference(timezone="America/Los_Angeles")
    alice = cast.make_delegate(conference)
    zone = ZoneInfo("America/Los_Angeles")
    cast.make_session(conference, cast.venue_time(9, zone=zone), takes_enrolments=False)
    (rules,) = (part for part in strict.read(written(alice))["children"] if strict.is_zone(part))
    assert [
        tuple(value_of(rule, name) for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"))
        for rule in rules["children"]
    ][2:] == [
        ("20260308T020000", "-0800", "-0700", "PDT"),
        ("20261101T020000", "-0700", "-0800", "PST"),
        ("20270314T020000", "-0800", "-0700", "PDT"),
    ]


def test_a_move_keeps_the_entry_and_counts_up(opening, alice):
    (before,) = events(strict.read(written(alice)))
    change_session(
        session_id=opening.pk,
        actor=None,
        now=cast.NOW,
        starts_at=cast.venue_time(10),
        ends_at=cast.venue_time(11),
    )
    (after,) = events(strict.read(written(alice)))
    assert value_of(after, "UID") == value_of(before, "UID")
    assert value_of(after, "DTSTART") == "20261103T100000"
    assert (value_of(before, "SEQUENCE"), value_of(after, "SEQUENCE")) == ("0", "1")
    assert value_of(after, "LAST-MODIFIED") >= value_of(before, "LAST-MODIFIED")


def test_a_cancelled_session_stays_and_says_so(session, alice, bo, now):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    cancel_session(session_id=session.pk, reason_en="Storm", reason_zh="台风", actor=None, now=now)
    (event,) = events(strict.read(written(alice)))
    assert {
        name: value_of(event, name) for name in ("STATUS", "SEQUENCE", "TRANSP", "SUMMARY")
    } == {
        "STATUS": "CANCELLED",
        "SEQUENCE": "1",
        "TRANSP": "TRANSPARENT",
        "SUMMARY": "Cancelled: Cities and the climate",
    }
    assert value_of(event, "DESCRIPTION").startswith("Storm\n\n")
    (chinese,) = events(strict.read(written(bo)))
    assert value_of(chinese, "DESCRIPTION").startswith("台风\n\n")


def test_the_same_rows_give_the_same_bytes(opening, alice):
    assert written(alice) == written(alice)


def test_a_library_of_others_reads_the_same(opening, session, alice, now):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    calendar = Library.from_ical(written(alice))
    first, second = calendar.walk("VEVENT")
    assert first.decoded("dtstart") == cast.venue_time(9)
    assert str(first["dtstart"].params["TZID"]) == "Asia/Shanghai"
    assert second.decoded("dtend") - second.decoded("dtstart") == timedelta(minutes=90)
    assert [str(event["uid"]) for event in (first, second)] == [str(opening.uid), str(session.uid)]


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("\\;,:\"'\n中文大会城市é😀 ")),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
    ),
    min_size=1,
    max_size=200,
).filter(lambda text: text.strip())


@pytest.mark.django_db
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=HOSTILE, place=HOSTILE, summary=HOSTILE)
def test_no_text_breaks_the_file(alice, title, place, summary):
    session = Session(
        conference=alice.conference,
        kind="panel",
        title_en=title,
        place_en=place,
        summary_en=summary,
        starts_at=cast.venue_time(9),
        ends_at=cast.venue_time(10),
        changed_at=cast.NOW,
        pk=1,
    )
    body = write(
        Agenda(conference=alice.conference, sessions=[session], language="en", owner="A,B", url=URL)
    )
    (event,) = events(strict.read(body))
    assert value_of(event, "SUMMARY") == title.strip()
    assert value_of(event, "LOCATION") == place.strip()
    assert value_of(event, "DESCRIPTION") == summary.strip()
