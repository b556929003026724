"""Ticking whom a letter goes to under an organiser's hands, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Campaign, Membership, User
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.inviting_cast import give_focal_point, make_letter
from tests.support.chromium import accessibility_faults


@pytest.fixture
def letter(transactional_db, client, context, live_server):
    """A letter to two delegations, open to an organiser."""
    conference = make_conference("ticks")
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(60), today + timedelta(61)
    conference.save()
    for name, code in (("California", "US-CA"), ("Utah", "US-UT")):
        give_focal_point(make_delegation(conference, name, "", "US", code), f"{name}@s.example")
    organiser = User.objects.create_user("organiser@example.org", name="Olga Organiser")
    Membership.objects.create(conference=conference, user=organiser, role="organiser")
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return make_letter(conference)


@pytest.mark.parametrize("width", [390, 1280])
def test_ticks_are_counted_as_they_are_made_and_kept_through_search_and_groups(
    page, live_server, letter, width
):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + reverse("delegates:letter_send", args=["ticks", letter.pk]))
    count = page.locator("output")
    expect(count).to_have_text("2")
    page.get_by_role("button", name="Untick all").click()
    expect(count).to_have_text("0")
    page.get_by_role("checkbox", name="Utah").check()
    expect(count).to_have_text("1")
    page.fill("#q", "calif")
    page.press("#q", "Enter")
    expect(page.get_by_text("1 of them is not in this list")).to_be_visible()
    page.get_by_role("checkbox", name="California").check()
    expect(count).to_have_text("2")
    assert accessibility_faults(page) == []
    page.get_by_role("checkbox", name="California").uncheck()
    page.get_by_role("button", name="Ticked").click()
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_role("button", name="Go on to sending").click()
    expect(page.get_by_text("1 delegation is chosen.")).to_be_visible()
    utah = letter.conference.delegations.get(name_en="Utah")
    assert Campaign.objects.get().narrowed == {"chosen": [utah.pk]}
