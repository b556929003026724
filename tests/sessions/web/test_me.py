import pytest
import time_machine

from conference.models import User
from delegates.models import PersonalLink
from delegates.operations import badging, linking
from sessions.operations.enrolling import join_waiting_list, take_seat
from sessions.operations.scheduling import cancel_session
from tests.sessions import cast

pytestmark = pytest.mark.usefixtures("travelled")


@pytest.fixture
def travelled():
    """It is ten o'clock on the first day at the venue."""
    with time_machine.travel(cast.venue_time(10), tick=False):
        yield


@pytest.fixture
def badge(alice):
    return badging.issue_badge(delegate=alice, now=cast.NOW)


def for_all(conference, hour, title, **fields):
    return cast.make_session(
        conference, cast.venue_time(hour), title_en=title, takes_enrolments=False, **fields
    )


def test_the_pass_shows_names_class_and_code(phone, alice, badge):
    alice.native_name = "爱丽丝·埃姆斯"
    alice.title_en = "Mayor of Oakdale"
    alice.save()
    page = phone.get("/me/").content.decode()
    for words in (
        "Alice Ames",
        "爱丽丝·埃姆斯",
        "Mayor of Oakdale",
        "California",
        "加利福尼亚州",
        "Delegate",
    ):
        assert words in page
    assert '<svg class="qr"' in page
    assert "Badge no. 1" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "Its focal point submits the list"),
        ("submitted", "is deciding on your accreditation"),
        ("refused", "write to the focal point"),
    ],
)
def test_before_accreditation_the_pass_says_what_is_pending(client, conference, state, words):
    delegate = cast.make_delegate(conference, "Una", "Uhl", state=state)
    delegate.user = User.objects.create_user("una@example.org")
    delegate.save()
    client.force_login(delegate.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/me/").content.decode()
    assert words in page
    assert '<svg class="qr"' not in page


def test_where_to_be_now_and_next_and_the_day(phone, conference, room, alice):
    for_all(conference, 9, "Opening", room=room)
    for_all(conference, 12, "Panel")
    cast.make_session(conference, cast.venue_time(14), title_en="Not chosen")
    page = phone.get("/me/").content.decode()
    now, following = page.index('id="now"'), page.index('id="next"')
    assert now < page.index("Opening") < following < page.index("Panel")
    assert "until 10:30" in page
    assert "Lotus Room" in page
    assert "China time" in page
    assert "Not chosen" not in page
    assert "1 side event with seats to choose" in page


def test_after_the_last_session_it_says_so(phone, conference):
    for_all(conference, 8, "Opening")
    with time_machine.travel(cast.venue_time(20)):
        assert "Nothing more is planned for you." in phone.get("/me/").content.decode()


def test_who_is_not_signed_in_is_asked_to(client, alice):
    answer = client.get("/me/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_who_is_no_delegate_finds_nothing(desk):
    assert desk.get("/me/").status_code == 404


def test_a_link_opens_only_when_the_button_is_pressed(client, alice, badge):
    link = linking.create_link(purpose="delegate", delegate=alice, now=cast.NOW)
    path = f"/me/link/{link.token}/"
    for _ in range(2):
        assert "Alice Ames" in client.get(path).content.decode()
    assert client.get("/me/").status_code == 302
    answer = client.post(path)
    assert (answer.status_code, answer.url) == (302, "/me/")
    assert '<svg class="qr"' in client.get("/me/").content.decode()


def test_a_revoked_link_closes_at_once(client, alice):
    link = linking.create_link(purpose="delegate", delegate=alice, now=cast.NOW)
    client.post(f"/me/link/{link.token}/")
    linking.revoke(link=PersonalLink.objects.get(), now=cast.NOW)
    assert client.get("/me/").status_code == 302
    assert client.get(f"/me/link/{link.token}/").status_code == 404


def test_a_delegate_of_two_conferences_chooses(phone, alice):
    tacoma = cast.make_conference("tacoma", name_en="6th Conference")
    again = cast.make_delegate(tacoma)
    again.user = alice.user
    again.save()
    assert "6th Conference" in phone.get("/me/").content.decode()
    assert phone.post("/me/choose/", {"delegate": again.pk}).status_code == 302
    page = phone.get("/me/").content.decode()
    assert page.index("6th Conference") < page.index("5th Sister Cities Conference")


def test_nobody_chooses_to_be_somebody_else(phone, bo):
    assert phone.post("/me/choose/", {"delegate": bo.pk}).status_code == 404


def test_the_agenda_shows_what_each_session_is_to_the_delegate(phone, conference, alice, bo):
    seat = cast.make_session(conference, cast.venue_time(12), minutes=60, title_en="Mine")
    waited = cast.make_session(
        conference, cast.venue_time(13), minutes=60, capacity=1, title_en="Waited"
    )
    cast.make_session(conference, cast.venue_time(14), minutes=60, capacity=3, title_en="Free")
    gone = for_all(conference, 17, "Gone")
    take_seat(session_id=seat.pk, delegate_id=alice.pk, now=cast.NOW)
    take_seat(session_id=waited.pk, delegate_id=bo.pk, now=cast.NOW)
    join_waiting_list(session_id=waited.pk, delegate_id=alice.pk, now=cast.NOW)
    cancel_session(session_id=gone.pk, reason_en="Typhoon", actor=None, now=cast.NOW)
    page = phone.get("/me/agenda/").content.decode()
    for words in (
        "Seat taken",
        "Give the seat back",
        "On the waiting list",
        "Leave the waiting list",
        "3 of 3 seats free",
        "Take a seat",
        "Typhoon",
    ):
        assert words in page


def test_home_time_is_shown_on_request_and_kept(phone, conference, alice):
    for_all(conference, 9, "Opening")
    assert "Mon 2 Nov 2026" not in phone.get("/me/agenda/").content.decode()
    shown = phone.get("/me/agenda/?home=1").content.decode()
    assert "Mon 2 Nov 2026, 17:00 · U.S. Pacific time" in " ".join(shown.split())
    assert "Mon 2 Nov 2026" not in phone.get("/me/agenda/").content.decode()

    phone.post("/me/home-time/", {"zone": "America/New_York"})
    kept = phone.get("/me/agenda/").content.decode()
    assert "Mon 2 Nov 2026, 20:00 · U.S. Eastern time" in " ".join(kept.split())
    phone.post("/me/home-time/", {"zone": ""})
    assert "20:00 · U.S. Eastern time" not in " ".join(
        phone.get("/me/agenda/").content.decode().split()
    )


def test_home_time_is_the_delegates_own_where_it_is_known(phone, conference, alice):
    alice.home_timezone = "Pacific/Honolulu"
    alice.save()
    for_all(conference, 9, "Opening")
    page = " ".join(phone.get("/me/agenda/?home=1").content.decode().split())
    assert "Mon 2 Nov 2026, 15:00 · U.S. Hawaii time" in page


@pytest.fixture(params=[1, 3])
def crowded(request, conference, badge):
    """A programme with so many sessions of each sort."""
    for hour in range(request.param):
        for_all(conference, 9 + hour, f"Session {hour}")
        cast.make_session(conference, cast.venue_time(9 + hour), title_en=f"Side {hour}")


@pytest.mark.parametrize(("path", "queries"), [("/me/", 12), ("/me/agenda/", 9)])
def test_a_longer_programme_costs_no_more(phone, crowded, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        phone.get(path)
