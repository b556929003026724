"""The arrival desk in a real browser: one press opens the badge, and the desk is ready again."""

import pytest
from django.conf import settings
from django.test import Client

from delegates.models import Badge, Delegate
from tests.checkin.conftest import (
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def at_the_desk(page, context, live_server, conference):
    visitor = Client()
    visitor.force_login(make_member(conference, "desk"))
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/organise/{conference.slug}/desk/")
    return page


def paper(page, button):
    """Press a button and return the PDF that comes in a tab of its own."""
    with page.context.expect_event("response", lambda one: one.request.method == "POST") as told:
        page.get_by_role("button", name=button).click()
    return told.value


def test_a_badge_is_found_and_printed(at_the_desk, conference):
    page = at_the_desk
    make_person(make_delegation(conference), title_en="Mayor")
    page.get_by_role("searchbox").fill("张伟")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Wei Zhang").click()

    answer = paper(page, "Print label")

    assert answer.headers["content-type"] == "application/pdf"
    page.reload()
    assert Badge.objects.get().printed_at is not None
    page.get_by_text("printed", exact=False).first.wait_for()


def test_a_walk_in_is_printed_and_the_desk_waits_for_the_next_person(at_the_desk):
    page = at_the_desk
    page.get_by_role("link", name="Walk-in").click()
    page.get_by_label("Name", exact=True).fill("Ann LEE")

    answer = paper(page, "Enter and print badge (A6)")

    assert answer.headers["content-type"] == "application/pdf"
    page.wait_for_url("**/desk/")
    assert Delegate.objects.get().badges.get().provisional is True


def test_on_a_slow_line_no_form_can_be_sent_before_the_page_can_leave_it(at_the_desk):
    page, waiting = at_the_desk, []

    def hold(route):
        waiting.append(route)

    page.route("**/checkin/desk*.js", hold)
    page.get_by_role("link", name="Walk-in").click(no_wait_after=True)
    page.wait_for_url("**/walk-in/", wait_until="commit")
    page.wait_for_timeout(300)
    assert page.get_by_label("Name", exact=True).count() == 0

    waiting[0].continue_()
    page.get_by_label("Name", exact=True).fill("Ann LEE")
    paper(page, "Enter and print badge (A6)")

    page.wait_for_url("**/desk/")
