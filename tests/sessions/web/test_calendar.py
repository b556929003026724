import pytest
import time_machine
from django.utils import timezone

from sessions.operations import subscribing
from sessions.operations.enrolling import take_seat
from sessions.operations.scheduling import change_session
from tests.sessions import cast
from tests.sessions.documents import strict_icalendar as strict


@pytest.fixture
def feed(session, alice):
    """The path of Alice's calendar, with one seat in it."""
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    with time_machine.travel(cast.NOW, tick=False):
        address = subscribing.subscribe(delegate=alice, now=timezone.now())
        assert address.startswith("http")
        yield "/calendar/" + address.rpartition("/")[2]


def test_a_calendar_program_reads_the_agenda(client, feed):
    answer = client.get(feed)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in answer
    assert len(strict.events(strict.read(answer.content))) == 1


def test_what_has_not_changed_is_not_sent_again(client, feed, session):
    etag = client.get(feed)["ETag"]
    again = client.get(feed, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    change_session(session_id=session.pk, actor=None, now=cast.NOW, place_en="By the lake")
    changed = client.get(feed, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_asking_for_the_head_answers_without_a_body(client, feed):
    head, get = client.head(feed), client.get(feed)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Type"]) == (get["ETag"], get["Content-Type"])


def test_nobody_writes_to_the_feed(client, feed):
    assert client.post(feed).status_code == 405


@pytest.mark.parametrize("token", ["x", "a" * 32])
def test_an_unknown_address_does_not_exist(client, db, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_renewed_address_makes_the_old_one_fall_silent(client, feed, alice):
    subscribing.renew(delegate=alice, now=timezone.now())
    assert client.get(feed).status_code == 404


def test_the_calendar_of_somebody_who_withdrew_falls_silent(client, feed, alice):
    alice.withdrawn_at = cast.NOW
    alice.save()
    assert client.get(feed).status_code == 404


def test_the_page_makes_shows_and_renews_the_address(phone, alice):
    before = phone.get("/me/calendar/").content.decode()
    assert "webcal://" not in before
    assert subscribing.calendar_address(delegate=alice, now=timezone.now()) is None

    first = phone.post("/me/calendar/subscribe/", follow=True).content.decode()
    address = subscribing.calendar_address(delegate=alice, now=timezone.now())
    assert f'value="{address}"' in first
    assert f'href="webcal://{address.partition("://")[2]}"' in first

    second = phone.post("/me/calendar/renew/", follow=True).content.decode()
    assert address not in second
    assert "The old one no longer works" in second


def test_files_to_take_along(phone, conference, session, alice):
    agenda = phone.get("/me/agenda.ics")
    assert agenda["Content-Disposition"] == 'attachment; filename="suzhou.ics"'
    assert strict.events(strict.read(agenda.content)) == []
    one = phone.get(f"/me/sessions/{session.pk}.ics")
    (event,) = strict.events(strict.read(one.content))
    assert strict.value_of(event, "UID") == str(session.uid)
    hidden = cast.make_session(conference, published_at=None)
    assert phone.get(f"/me/sessions/{hidden.pk}.ics").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_costs_the_same_however_long_it_is(
    client, feed, conference, django_assert_num_queries, count
):
    for hour in range(count):
        cast.make_session(conference, cast.venue_time(8 + hour), takes_enrolments=False)
    with django_assert_num_queries(2):
        client.get(feed)
