"""The page on which an organiser lets programs read."""

import pytest
from django.urls import reverse

from conference.models import ApiToken
from tests import factories
from tests.factories import NOW
from tests.support.chromium import accessibility_faults


@pytest.fixture
def address(suzhou):
    return reverse("conference:api_tokens", args=[suzhou.slug])


@pytest.fixture
def desk(organiser, reading):
    return reading(organiser)


def test_a_token_is_shown_once_and_works(desk, address, reading, alice):
    answer = desk.post(address, {"name": "City site", "role": "desk", "days": "30"})
    token = answer.context["fresh"]
    assert token in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert token not in desk.get(address).content.decode()
    assert reading(token=token).get("/api/v1/delegates/").json()["count"] == 1


def test_what_was_typed_stays_beside_what_is_wrong(desk, address):
    answer = desk.post(address, {"name": "City site", "role": "emperor", "days": "30"})
    assert answer.status_code == 422
    assert "City site" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_the_page_tells_which_tokens_still_work(desk, address, suzhou, organiser, reading):
    factories.make_token(suzhou, owner=organiser, now=NOW.replace(year=2020))
    row, token = factories.make_token(suzhou, "desk", owner=organiser, now=NOW, days=36500)
    states = [each.is_usable for each in desk.get(address).context["page"]]
    assert states == [True, False]
    desk.post(reverse("conference:api_token_revoke", args=[suzhou.slug, row.pk]))
    page = desk.get(address)
    assert [each.is_usable for each in page.context["page"]] == [False, False]
    assert "revoked" in page.content.decode()
    assert reading(token=token).get("/api/v1/delegates/").status_code == 401


def test_a_token_of_another_conference_cannot_be_revoked_here(desk, suzhou, tacoma, organiser):
    row, _token = factories.make_token(tacoma, owner=organiser, now=NOW)
    url = reverse("conference:api_token_revoke", args=[suzhou.slug, row.pk])
    assert desk.post(url).status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_only_organisers_find_the_page(address, suzhou, reading):
    for role in ("protocol", "programme", "desk", "viewer"):
        member = reading(factories.make_member(suzhou, role))
        assert member.get(address).status_code == 404
        asked = {"name": "Mine", "role": "protocol", "days": "365"}
        assert member.post(address, asked).status_code == 404
    assert not ApiToken.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_three(
    desk, address, suzhou, organiser, django_assert_num_queries
):
    factories.make_token(suzhou, owner=organiser, now=NOW)
    desk.get(address)
    with django_assert_num_queries(5):
        desk.get(address)
    factories.make_token(suzhou, owner=organiser, now=NOW)
    factories.make_token(suzhou, owner=factories.make_user(), now=NOW)
    with django_assert_num_queries(5):
        desk.get(address)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_open_to_everybody_and_the_token_can_be_copied(
    page, live_server, desk, address, width
):
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": desk.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}{address}")
    page.get_by_role("textbox", name="Program").fill("City site")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("heading", name="Copy the token now").wait_for()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
