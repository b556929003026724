"""The arrival desk in a real browser: one press prints the badge, and the desk is ready again."""

import pytest
from django.conf import settings
from django.test import Client

from conference.models import AuditEntry
from delegates.models import Delegate
from tests.checkin.conftest import (
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)
from tests.support.printing import printed, watch_printing

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
    watch_printing(page)
    page.goto(f"{live_server.url}/organise/{conference.slug}/desk/")
    return page


def test_a_badge_is_found_and_printed_in_one_press(at_the_desk, conference):
    page = at_the_desk
    make_person(make_delegation(conference), title_en="Mayor")
    page.get_by_role("searchbox").fill("张伟")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Wei Zhang").click()

    page.get_by_role("button", name="Print label").click()
    sheet = printed(page)

    assert sheet.pages == [(90, 62)]
    page.get_by_role("term").filter(has_text="Printed").wait_for()
    assert AuditEntry.objects.filter(action="badge.print").count() == 1
    assert len(page.context.pages) == 1


def test_a_walk_in_is_printed_and_the_desk_waits_for_the_next_person(at_the_desk):
    page = at_the_desk
    page.get_by_role("link", name="Walk-in").click()
    page.get_by_label("Name", exact=True).fill("?")
    page.get_by_role("button", name="Enter and print badge (A6)").click()
    page.locator(".errorlist, [aria-invalid=true]").first.wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "?"

    page.get_by_label("Name", exact=True).fill("Ann LEE")
    page.get_by_role("button", name="Enter and print badge (A6)").click()

    assert printed(page).pages == [(105, 148)]
    page.wait_for_url("**/desk/")
    badge = Delegate.objects.get().badges.get()
    assert (badge.provisional, badge.printed_at is not None) == (True, True)


def test_a_substitute_is_printed_in_chinese(at_the_desk, conference, live_server):
    page = at_the_desk
    former = make_person(make_delegation(conference))
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/organise/{conference.slug}/desk/{former.pk}/substitute/")
    page.locator("#id_name").fill("李娜")

    page.get_by_role("button", name="登记并打印标签").click()

    assert printed(page).pages == [(90, 62)]
    page.wait_for_url("**/desk/")
    former.refresh_from_db()
    assert former.substituted_by.badges.get().printed_at is not None


def test_a_browser_that_does_not_print_offers_the_pdf(at_the_desk, conference, live_server):
    page = at_the_desk
    person = make_person(make_delegation(conference))
    page.add_init_script("window.print = () => {}")
    page.goto(f"{live_server.url}/organise/{conference.slug}/desk/{person.pk}/")
    page.get_by_role("button", name="Print badge (A6)").click()
    page.get_by_text("The badge was not printed.").wait_for()

    assert opened(page, "Open the badge as a PDF").headers["content-type"] == "application/pdf"


def test_a_phone_says_that_it_opens_the_pdf(browser, live_server, conference, at_the_desk):
    person = make_person(make_delegation(conference))
    phone = browser.new_context(
        user_agent="Mozilla/5.0 (iPhone) Mobile Safari",
        storage_state=at_the_desk.context.storage_state(),
    ).new_page()
    phone.goto(f"{live_server.url}/organise/{conference.slug}/desk/{person.pk}/")
    phone.get_by_text("This browser cannot print by itself").wait_for()

    answer = opened(phone, "Print badge (A6)")

    assert answer.headers["content-type"] == "application/pdf"
    phone.context.close()


def test_on_a_slow_line_no_press_comes_before_the_page_can_print(at_the_desk):
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
    page.get_by_role("button", name="Enter and print badge (A6)").click()

    printed(page)
    page.wait_for_url("**/desk/")


def opened(page, button):
    """Press a button and return the answer that comes in a tab of its own."""
    with page.context.expect_event("response", lambda one: one.request.method == "POST") as told:
        page.get_by_role("button", name=button).click()
    return told.value
