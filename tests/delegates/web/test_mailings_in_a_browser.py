"""A mailing under an organiser's hands, in a real browser."""

import pytest
from playwright.sync_api import expect

from conference.models import Campaign, Membership, Message, SavedFilter, User
from tests.delegates.conftest import NOW, make_conference
from tests.delegates.mailing_cast import make_mailing
from tests.support.chromium import accessibility_faults


@pytest.fixture
def campaign(transactional_db):
    """A mailing on its way: one letter waits, far in the future, so that it stays so."""
    conference = make_conference("screens")
    campaign = make_mailing(conference, state="sending", expanded_at=NOW)
    Message.objects.create(
        conference=conference,
        campaign=campaign,
        key="waits",
        to_name="Ada",
        to_email="ada@example.org",
        due_at=NOW.replace(year=2099),
    )
    return campaign


@pytest.fixture
def desk(page, live_server, client, campaign):
    """The browser of an organiser."""
    user = User.objects.create_user("organiser@example.org")
    Membership.objects.create(conference=campaign.conference, user=user, role="organiser")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    return page


def test_a_filter_saves_what_is_ticked_on_the_screen(desk, live_server, campaign):
    Campaign.objects.update(state="draft", expanded_at=None, narrowed={"vip": ["yes"]})
    desk.goto(f"{live_server.url}/organise/screens/mailings/{campaign.pk}/audience/")
    desk.get_by_label("VIPs only").uncheck()
    desk.locator("summary", has_text="Country").click()
    desk.get_by_label("United States").check()
    desk.get_by_label("China").check()
    expect(desk.get_by_text("What is ticked above is saved.")).to_be_visible()
    expect(desk.get_by_text("What the list is narrowed by now is saved.")).to_be_hidden()
    assert accessibility_faults(desk) == []
    desk.get_by_label("Save this filter as").fill("Both sides")
    desk.get_by_role("button", name="Save the filter").click()
    expect(desk.get_by_role("button", name="Both sides")).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_label("United States")).to_be_checked()
    assert SavedFilter.objects.get().narrowed == {"country": ["CN", "US"]}
    assert Campaign.objects.get().narrowed == {"country": ["CN", "US"]}


def test_a_list_that_does_not_follow_the_ticks_yet_says_so(desk, live_server, campaign):
    Campaign.objects.update(state="draft", expanded_at=None, narrowed={"vip": ["yes"]})
    desk.goto(f"{live_server.url}/organise/screens/mailings/{campaign.pk}/audience/")
    told = desk.get_by_text("The list below does not follow the ticks yet.")
    expect(told).to_be_hidden()
    desk.get_by_label("VIPs only").uncheck()
    expect(told).to_be_visible()
    desk.get_by_label("VIPs only").check()
    expect(told).to_be_hidden()
    desk.get_by_label("VIPs only").uncheck()
    desk.get_by_role("button", name="Narrow the list").click()
    expect(desk.get_by_label("VIPs only")).not_to_be_checked()
    expect(told).to_be_hidden()


def test_a_filter_of_nothing_applied_yet_is_saved_as_it_is_ticked(desk, live_server, campaign):
    Campaign.objects.update(state="draft", expanded_at=None)
    desk.goto(f"{live_server.url}/organise/screens/mailings/{campaign.pk}/audience/")
    desk.locator("summary", has_text="VIP").click()
    desk.get_by_label("VIPs only").check()
    desk.get_by_label("Save this filter as").fill("VIPs")
    desk.get_by_label("Save this filter as").press("Enter")
    expect(desk.get_by_text("The filter “VIPs” is saved")).to_be_visible()
    assert SavedFilter.objects.get().narrowed == {"vip": ["yes"]}


def test_a_question_asked_while_the_page_renews_itself_is_still_answered(
    desk, live_server, campaign
):
    page = desk
    page.clock.install()
    page.goto(f"{live_server.url}/organise/screens/mailings/{campaign.pk}/")

    # Renewed at least once before the question, and kept from it while the question is open.
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        pass
    page.get_by_role("button", name="Cancel the rest").click()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10_000)
    assert asked == []
    page.locator("dialog").get_by_role("button", name="Cancel the rest").click()

    expect(page.get_by_text("What had not left is cancelled.")).to_be_visible()
    assert Campaign.objects.get().state == "cancelled"
    assert Message.objects.get().state == "cancelled"
