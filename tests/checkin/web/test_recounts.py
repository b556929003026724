"""The page of recounts."""

import pytest
from django.urls import reverse

from checkin.models import Presence
from checkin.operations import recounting
from tests.checkin.conftest import make_member

pytestmark = pytest.mark.django_db


def page(client, conference):
    return client.get(reverse("checkin:recounts", args=[conference.slug]))


def test_before_the_first_night_it_says_when_it_comes(as_organiser, conference):
    assert "No recount yet" in page(as_organiser, conference).content.decode()


@pytest.fixture(autouse=True)
def _nothing_on_its_way(monkeypatch):
    monkeypatch.setattr(recounting, "WAIT_S", 0)


def test_differences_are_told_in_words(as_organiser, conference, phone, lookup, now):
    phone.scan(lookup)
    recounting.recount(conference=conference, now=now)
    assert "No difference" in page(as_organiser, conference).content.decode()
    Presence.objects.update(inside=False, entries=3)
    recounting.recount(conference=conference, now=now)
    shown = page(as_organiser, conference).content.decode()
    for words in ("1 difference", "Wei Zhang", "outside · 3 entries", "· 1 entry", "--repair"):
        assert words in shown


def test_an_organiser_asks_for_one_and_nobody_else(
    as_organiser, client, conference, django_capture_on_commit_callbacks
):
    address = reverse("checkin:recounts", args=[conference.slug])
    with django_capture_on_commit_callbacks() as asked:
        assert as_organiser.post(address).status_code == 302
    assert len(asked) == 1
    client.force_login(make_member(conference, "desk"))
    with django_capture_on_commit_callbacks() as asked:
        assert client.post(address).status_code == 200
    assert asked == []
