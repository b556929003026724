"""A mailing that renews itself on the screen, in a real browser."""

import pytest
from playwright.sync_api import expect

from conference.models import Campaign, Membership, Message, User
from tests.delegates.conftest import NOW, make_conference
from tests.delegates.mailing_cast import make_mailing


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


def test_a_question_asked_while_the_page_renews_itself_is_still_answered(
    page, live_server, client, campaign
):
    user = User.objects.create_user("organiser@example.org")
    Membership.objects.create(conference=campaign.conference, user=user, role="organiser")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
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
