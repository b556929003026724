"""The sender's domain in a real browser: it comes after the page, and brings the further tick."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from conference.models import Campaign, Membership, User
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.mailing_cast import make_mailing, make_person
from tests.support.chromium import accessibility_faults

SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})
DOMAIN = "forum-of-cities.org"


@pytest.fixture
def mailing(transactional_db, settings, name_server):
    settings.DEFAULT_FROM_ADDRESS = f"noreply@{DOMAIN}"
    settings.BOUNCE_ADDRESS = "bounces@mail.post-office.net"
    settings.DKIM_SELECTORS = ["s1"]
    cache.clear()
    name_server.put(f"_dmarc.{DOMAIN}", f"v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}")
    name_server.put(
        "mail.post-office.net",
        "v=spf1 " + " ".join(f"include:spf{n}.post-office.net" for n in range(9)) + " a mx ~all",
    )
    for number in range(9):
        name_server.put(f"spf{number}.post-office.net", "v=spf1 ip4:192.0.2.1 ~all")
    conference = make_conference("screens")
    make_person(make_delegation(conference, "California", "加利福尼亚州", "US", "US-CA"), "Lopez")
    return make_mailing(conference)


@pytest.fixture
def enter(page, live_server, client, mailing):
    """Open the page of the mailing as its organiser, in a language."""

    def enter(language):
        user = User.objects.create_user("organiser@example.org", language=language)
        Membership.objects.create(conference=mailing.conference, user=user, role="organiser")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies(
            [
                {"name": "sessionid", "value": session, "url": live_server.url},
                {"name": "django_language", "value": language, "url": live_server.url},
            ]
        )
        place = reverse("conference:campaign_detail", args=["screens", mailing.pk])
        page.goto(live_server.url + place)
        page.wait_for_selector("#sender-title")
        return page

    return enter


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_panel_is_accessible_and_fits(language, enter):
    page = enter(language)
    assert DOMAIN in page.inner_text("#sender")
    faults = accessibility_faults(page)
    for size in SIZES:
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"wider than {size['width']} px")
    assert faults == []


def test_a_refused_mailing_starts_only_after_the_tick(enter, mailing):
    page = enter("en")
    page.get_by_role("button", name="Send now").click()
    assert page.locator("dialog").count() == 0
    page.locator("#tick-start input").check()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_selector("#progress .work")
    assert Campaign.objects.get().state == "sending"


def test_looking_again_brings_what_was_mended(enter, name_server):
    page = enter("en")
    assert page.locator("#tick-start input").count() == 1
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none")
    page.get_by_role("button", name="Look again").click()
    page.wait_for_selector("#tick-start input", state="detached")
    assert "only asked to report" in page.inner_text("#sender")
