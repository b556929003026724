import pytest
import time_machine

from sessions.operations.enrolling import take_seat
from tests.sessions import cast

pytestmark = pytest.mark.usefixtures("travelled")


@pytest.fixture
def travelled():
    with time_machine.travel(cast.NOW, tick=False):
        yield


def press(browser, session, deed, **headers):
    return browser.post(f"/me/sessions/{session.pk}/{deed}/", headers=headers, follow=True)


def state_of(session, delegate):
    return list(session.enrolments.filter(delegate=delegate).values_list("state", flat=True))


def test_one_tap_takes_a_seat_and_one_gives_it_back(phone, session, alice):
    taken = press(phone, session, "take")
    assert taken.redirect_chain == [(f"/me/agenda/#session-{session.pk}", 302)]
    assert "You have a seat: Cities and the climate." in taken.content.decode()
    assert state_of(session, alice) == ["seat"]
    given_back = press(phone, session, "give-back")
    assert "Given back: Cities and the climate." in given_back.content.decode()
    assert state_of(session, alice) == []


def test_with_htmx_the_answer_is_the_days_alone(phone, session, alice):
    answer = press(phone, session, "take", hx_request="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.startswith('<div class="stack stack--loose" id="my-days">')
    assert "You have a seat: Cities and the climate." in page
    assert "Give the seat back" in page


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "fragment"])
def test_a_full_session_says_so_and_offers_the_waiting_list(phone, conference, alice, bo, headers):
    session = cast.make_session(conference, capacity=1)
    take_seat(session_id=session.pk, delegate_id=bo.pk, now=cast.NOW)
    refused = press(phone, session, "take", **headers)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "The last seat has just been taken. You can join the waiting list." in page
    assert "Join the waiting list" in page
    waiting = press(phone, session, "wait", **headers)
    assert "You are on the waiting list: Cities and the climate." in waiting.content.decode()
    assert state_of(session, alice) == ["waiting"]


def test_an_overlap_is_named_beside_the_session(phone, conference, session, alice):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    other = cast.make_session(conference, cast.venue_time(15), title_en="Rivers in town")
    before = phone.get("/me/agenda/").content.decode()
    assert "At the same time as your seat in: Cities and the climate" in before
    refused = press(phone, other, "take")
    assert refused.status_code == 409
    assert "You already have a seat in another session at this time." in refused.content.decode()
    assert state_of(other, alice) == []


def test_before_accreditation_no_seat_is_offered_or_given(phone, session, alice):
    alice.accreditation.state = "submitted"
    alice.accreditation.save()
    page = phone.get("/me/agenda/").content.decode()
    assert "You can take seats as soon as your accreditation is approved." in page
    assert "/take/" not in page
    assert press(phone, session, "take").status_code == 409
    assert state_of(session, alice) == []


def test_a_get_takes_nothing(phone, session, alice):
    for deed in ("take", "wait", "give-back"):
        assert phone.get(f"/me/sessions/{session.pk}/{deed}/").status_code == 405
    assert state_of(session, alice) == []


def test_sessions_that_a_delegate_does_not_see_do_not_exist(phone, conference, alice):
    hidden = [
        cast.make_session(conference, published_at=None),
        cast.make_session(conference, visibility="staff"),
        cast.make_session(cast.make_conference("tacoma")),
    ]
    assert [press(phone, session, "take").status_code for session in hidden] == [404] * 3


def test_nobody_takes_a_seat_unless_signed_in(client, session):
    answer = client.post(f"/me/sessions/{session.pk}/take/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")
