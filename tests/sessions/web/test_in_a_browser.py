"""The delegate's and the organiser's pages in a real browser, with and without its scripts."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from conference.models import Membership, User
from delegates.operations import badging
from sessions.models import Appearance, Speaker
from sessions.operations.enrolling import take_seat
from tests.sessions import cast
from tests.support import turns
from tests.support.chromium import accessibility_faults

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def world(live_server):
    """Tomorrow's programme, with Alice as delegate and organiser at once."""
    today = timezone.localdate()
    conference = cast.make_conference(first_day=today, last_day=today + timedelta(days=3))
    room = cast.make_room(conference)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    opening = cast.make_session(
        conference, start, title_en="Opening", title_zh="开幕式", room=room, takes_enrolments=False
    )
    speaker = Speaker.objects.create(conference=conference, name_en="Zhu Yongxin", uncertain=True)
    Appearance.objects.create(session=opening, speaker=speaker)
    later = start + timedelta(hours=3)
    side = cast.make_session(conference, later, room=room, capacity=2, remind_minutes_before=30)
    full = cast.make_session(
        conference, later + timedelta(hours=2), capacity=1, title_en="Full", title_zh="满"
    )
    alice = cast.make_delegate(conference, native_name="爱丽丝", title_en="Mayor of Oakdale")
    alice.user = User.objects.create_user("alice@example.org", name="Alice Ames")
    alice.save()
    badging.issue_badge(delegate=alice, now=timezone.now())
    bo = cast.make_delegate(conference, "Bo", "Chen", native_name="陈博", email="")
    for session in (side, full):
        take_seat(session_id=session.pk, delegate_id=bo.pk, now=timezone.now())
    Membership.objects.create(conference=conference, user=alice.user, role="organiser")
    return {"server": live_server.url, "side": side, "full": full, "alice": alice}


def sign_in(context, world):
    client = Client()
    client.force_login(world["alice"].user, backend="django.contrib.auth.backends.ModelBackend")
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": kept, "url": world["server"]}])


def speak(context, world, language):
    name = settings.LANGUAGE_COOKIE_NAME
    context.add_cookies([{"name": name, "value": language, "url": world["server"]}])


ORGANISE = "/organise/suzhou/programme/"
PAGES = {
    "/conferences/suzhou/programme/": PHONE,
    "/me/": PHONE,
    "/me/agenda/?home=1": PHONE,
    "/me/calendar/": PHONE,
    ORGANISE: DESK,
    f"{ORGANISE}rooms/": DESK,
    f"{ORGANISE}new/": DESK,
    f"{ORGANISE}publish/": DESK,
    f"{ORGANISE}{{pk}}/": DESK,
    f"{ORGANISE}{{pk}}/edit/": DESK,
    f"{ORGANISE}{{pk}}/cancel/": DESK,
    f"{ORGANISE}{{pk}}/speakers/": DESK,
}


@pytest.mark.slow
def test_every_page_is_accessible_and_fits(page, world):
    sign_in(page.context, world)
    for place, (path, own_width) in enumerate(PAGES.items()):
        for language in turns.languages(place):
            seen = (language, path)
            speak(page.context, world, language)
            page.set_viewport_size(own_width)
            answer = page.goto(world["server"] + path.format(pk=world["side"].pk))
            assert (seen, answer.status) == (seen, 200)
            assert (seen, accessibility_faults(page)) == (seen, [])
            page.set_viewport_size(PHONE)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (seen, wide <= PHONE["width"]) == (seen, True)


def test_a_seat_is_taken_in_place(page, world):
    sign_in(page.context, world)
    page.set_viewport_size(PHONE)
    page.goto(f"{world['server']}/me/agenda/")
    page.evaluate("window.untouched = true")
    item = page.locator(f"#session-{world['side'].pk}")
    item.get_by_role("button", name="Take a seat").click()
    item.get_by_role("button", name="Give the seat back").wait_for()
    assert "You have a seat" in item.inner_text()
    assert page.evaluate("window.untouched") is True
    assert world["side"].enrolments.get(delegate=world["alice"]).state == "seat"


def test_without_scripts_everything_still_works(new_context, world):
    context = new_context(java_script_enabled=False)
    sign_in(context, world)
    page = context.new_page()
    page.goto(f"{world['server']}/me/agenda/")
    item = page.locator(f"#session-{world['full'].pk}")
    item.get_by_role("button", name="Join the waiting list").click()
    assert "You are on the waiting list" in page.locator("main").inner_text()
    assert world["full"].enrolments.get(delegate=world["alice"]).state == "waiting"
    page.get_by_text("Home time", exact=True).click()
    page.get_by_role("button", name="Show home time").click()
    assert "U.S. Pacific time" in item.inner_text()
