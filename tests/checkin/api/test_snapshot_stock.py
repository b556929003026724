"""Whole snapshots are sealed once and kept; what is kept never makes one wrong."""

import gzip
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from checkin.models import Block
from checkin.operations import snapshotting, stocking
from delegates.documents import badge_card
from tests.checkin.conftest import lookup_of, make_conference, make_doors, make_person
from tests.checkin.holding import Holding, fresh
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def sealed(monkeypatch):
    """The cards that were sealed."""
    cards = []

    def seal(card, secret):
        cards.append(card["name"])
        return badge_card.seal_card(card, secret)

    monkeypatch.setattr(snapshotting, "seal_card", seal)
    return cards


@pytest.fixture
def people(delegation, monkeypatch):
    monkeypatch.setattr(stocking, "_PERSONS", 1)
    return [make_person(delegation, given_name=f"Wei {number}") for number in range(3)]


def test_another_phone_gets_the_same_cards_without_sealing_them_again(
    phone, other_phone, people, sealed
):
    first, second = Holding(phone), Holding(other_phone)
    first.poll()
    assert len(sealed) == 3
    second.poll()
    assert len(sealed) == 3
    assert first.badges == second.badges
    assert first.cursor != second.cursor


def test_only_the_neighbours_of_a_changed_person_are_sealed_again(phone, people, sealed):
    Holding(phone).poll()
    sealed.clear()
    people[1].title_en = "Governor"
    people[1].save()
    held = Holding(phone)
    held.poll()
    assert sealed == ["Wei 1 Zhang"]
    assert held.contents() == fresh(phone)


def test_a_block_that_begins_by_the_clock_is_in_the_next_whole_snapshot(phone, people, monkeypatch):
    start = timezone.now()
    Block.objects.create(delegate=people[0], since=start + timedelta(hours=1))
    held = Holding(phone)
    held.poll()
    assert held.badges[lookup_of(people[0])]["status"] == "ok"
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=2))
    held = Holding(phone)
    held.poll()
    assert held.badges[lookup_of(people[0])]["status"] == "blocked"


def test_a_deleted_person_is_in_no_whole_snapshot(phone, people):
    Holding(phone).poll()
    people[0].delete()
    assert set(fresh(phone)["badges"]) == {lookup_of(person) for person in people[1:]}


def test_a_cache_that_was_lost_is_filled_again(phone, people, sealed):
    held = Holding(phone)
    held.poll()
    cache.delete(stocking.key_of(phone.device.conference))
    again = Holding(phone)
    again.poll()
    assert len(sealed) == 6
    assert again.badges == held.badges


def test_zipped_and_plain_say_the_same(phone, people):
    zipped = phone.get("snapshot/", **{"Accept-Encoding": "gzip, deflate, br"})
    plain = phone.get("snapshot/")
    assert (zipped["Content-Encoding"], "Content-Encoding" in plain) == ("gzip", False)
    one, other = json.loads(gzip.decompress(zipped.content)), plain.json()
    assert one.pop("cursor") != other.pop("cursor")
    assert one == other
    assert [row["lookup"] for row in other["badges"]] == [lookup_of(each) for each in people]


def test_a_conference_without_badges_has_an_empty_snapshot(phone):
    body = phone.get("snapshot/").json()
    assert (body["full"], body["badges"], body["presence"]) == (True, [], [])


@pytest.mark.postgres
def test_two_who_ask_at_once_seal_once(phone, people, sealed):
    conference = phone.device.conference

    stocks = at_once(*[lambda: stocking.stock_of(conference, now=timezone.now())] * 4)

    assert len(sealed) == 3
    assert len({tuple(sorted(stock.pieces.items())) for stock in stocks}) == 1
