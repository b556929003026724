"""Whatever stands behind the question mark of an address, a list answers it."""

import pytest
from django.urls import reverse

from tests.factories import make_conference, make_member

MANY_DIGITS, ENDLESS_DIGITS = "9" * 30, "9" * 5000
NUMBERS = [
    ("delegates:delegate_list", "delegation"),
    ("delegates:badge_list", "delegation"),
    ("delegates:badge_list", "delegate"),
    ("delegates:accreditation", "delegation"),
    ("conference:campaign_new", "from"),
    ("programme:session_list", "room"),
]
WORDS = [
    ("delegates:delegate_list", "q"),
    ("delegates:delegate_list", "class"),
    ("delegates:badge_list", "q"),
    ("delegates:accreditation", "q"),
    ("programme:session_list", "q"),
    ("conference:audit", "q"),
    ("conference:message_list", "q"),
    ("conference:blocked_list", "q"),
]


@pytest.fixture
def ask(client, db):
    conference = make_conference()
    client.force_login(make_member(conference))

    def ask(page, **query):
        return client.get(reverse(page, args=[conference.slug]), query).status_code

    return ask


@pytest.mark.parametrize("number", [MANY_DIGITS, ENDLESS_DIGITS, "²", "-1", ""])
@pytest.mark.parametrize(("page", "name"), NUMBERS)
def test_a_number_that_no_row_has_finds_none(ask, page, name, number):
    assert ask(page, **{name: number}) == 200


@pytest.mark.parametrize(("page", "name"), WORDS)
def test_a_character_that_nobody_types_is_dropped(ask, page, name):
    assert ask(page, **{name: "a\0b"}) == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "tomorrow"])
@pytest.mark.parametrize("page", ["programme:session_list", "programme:room_plan"])
def test_the_ends_of_time_are_no_days(ask, page, day):
    assert ask(page, day=day) == 200


def test_the_outbox_is_searched_like_a_list(client, db, settings):
    settings.PLENARY_DEMO = True
    assert client.get(reverse("conference:outbox"), {"q": "a\0b"}).status_code == 200


@pytest.mark.parametrize("number", [MANY_DIGITS, ENDLESS_DIGITS])
def test_nobody_is_approved_by_a_number_that_no_row_has(client, db, number):
    conference = make_conference()
    client.force_login(make_member(conference))
    page = reverse("delegates:accreditation_approve", args=[conference.slug])
    assert client.post(page, {"delegate": number}).status_code == 302
