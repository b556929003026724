"""The board and the wall in a browser: they change by themselves and say so when they are old."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from checkin.operations import wall_links
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)


@pytest.fixture
def place(transactional_db):
    conference = make_doors(make_conference())
    group = make_delegation(conference)
    people = [make_person(group, given_name=f"Guest {number}") for number in range(3)]
    return conference, enrolled_phone(conference), [lookup_of(person) for person in people]


def sign_in(context, server, user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])


def test_an_arrival_appears_by_itself_and_what_is_unfolded_stays_so(
    page, context, live_server, place
):
    conference, phone, (first, second, _third) = place
    sign_in(context, live_server.url, make_member(conference, "organiser"))
    phone.scan(first)
    page.goto(live_server.url + reverse("checkin:arrivals", args=[conference.slug]))
    page.locator("#board-hours-table summary").click()

    phone.scan(second)

    expect(page.locator(".arrivals-last")).to_contain_text("Guest 1")
    expect(page.locator("#board-hours-table")).to_have_js_property("open", True)


def test_the_wall_says_when_its_figures_are_old_and_comes_back_by_itself(
    page, context, live_server, place
):
    conference, phone, (first, _second, _third) = place
    _link, token = wall_links.create_wall_link(
        conference=conference,
        name="Foyer",
        days=1,
        names_vips=False,
        actor=make_member(conference, "organiser"),
        now=timezone.now(),
    )
    page.clock.install()
    page.goto(live_server.url + reverse("checkin:wall_by_link", args=[token]))
    expect(page.locator(".wall__arrived")).to_have_text("0")
    expect(page.locator("[data-live-old]")).to_be_hidden()

    context.set_offline(True)
    phone.scan(first)
    page.clock.fast_forward(10_000)
    expect(page.locator("[data-live-old]")).to_be_hidden()
    page.clock.fast_forward(10_000)
    expect(page.locator("[data-live-old]")).to_be_visible()
    expect(page.locator(".wall__arrived")).to_have_text("0")

    context.set_offline(False)
    expect(page.locator(".wall__arrived")).to_have_text("1")
    expect(page.locator("[data-live-old]")).to_be_hidden()


def test_a_screen_whose_link_is_revoked_says_so_and_goes_dark(page, live_server, place):
    conference, _phone, _lookups = place
    organiser = make_member(conference, "organiser")
    link, token = wall_links.create_wall_link(
        conference=conference,
        name="Foyer",
        days=1,
        names_vips=False,
        actor=organiser,
        now=timezone.now(),
    )
    page.goto(live_server.url + reverse("checkin:wall_by_link", args=[token]))
    wall_links.revoke_wall_link(link=link, actor=organiser, now=timezone.now())
    expect(page.locator("[data-live-gone]")).to_be_visible()
    expect(page.locator(".wall__arrived")).to_be_hidden()
