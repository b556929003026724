"""Whole snapshots are sealed once and kept; what is kept never makes one wrong."""

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Block, Presence
from checkin.operations import snapshotting, stocking, stocks
from delegates.documents import badge_card
from delegates.operations import badging
from tests.checkin.conftest import lookup_of, make_conference, make_doors, make_person
from tests.checkin.holding import Holding, fresh, lose_stocks
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


@pytest.fixture
def read(monkeypatch):
    """Whose presence was read."""
    persons = []

    def stays(*asked):
        for person, row in snapshotting.stays(*asked):
            persons.append(person)
            yield person, row

    monkeypatch.setattr(stocks, "stays", stays)
    return persons


def test_who_is_inside_is_read_once_for_all_phones_at_the_same_zones(
    phone, other_phone, people, read
):
    for person in people:
        phone.scan(lookup_of(person))
    first, second = Holding(phone), Holding(other_phone)
    first.poll()
    assert sorted(read) == sorted(person.pk for person in people)
    second.poll()
    assert len(read) == 3
    assert len(first.presence) == 3
    assert first.presence == second.presence


def test_only_the_neighbours_of_who_came_in_are_read_again(phone, people, read):
    for person in people[:2]:
        phone.scan(lookup_of(person))
    Holding(phone).poll()
    read.clear()
    phone.scan(lookup_of(people[2]))
    held = Holding(phone)
    held.poll()
    assert read == [people[2].pk]
    assert held.contents() == fresh(phone)


def test_who_is_at_no_door_of_the_phone_is_not_in_its_snapshot(phone, people):
    phone.scan(lookup_of(people[0]))
    Holding(phone).poll()
    phone.device.zones.set(phone.device.zones.order_by("-order")[:1])
    held = Holding(phone)
    held.poll()
    assert held.presence == {}


def test_a_new_badge_carries_the_presence_of_its_person(phone, people):
    phone.scan(lookup_of(people[0]))
    Holding(phone).poll()
    badging.replace_badge(delegate=people[0], reason="lost", now=timezone.now())
    held = Holding(phone)
    held.poll()
    lookups = set(people[0].badges.values_list("lookup", flat=True))
    assert {lookup for lookup, _zone in held.presence} == lookups
    assert held.contents() == fresh(phone)


def test_presence_that_was_taken_back_is_in_no_whole_snapshot(phone, people):
    phone.scan(lookup_of(people[0]))
    Holding(phone).poll()
    Presence.objects.all().delete()
    assert Holding(phone).poll() is not None
    assert fresh(phone)["presence"] == {}


def test_a_cache_that_was_lost_is_filled_again(phone, people, sealed):
    held = Holding(phone)
    held.poll()
    lose_stocks(phone)
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

    made = at_once(*[lambda: stocks.stock_of_badges(conference, now=timezone.now())] * 4)

    assert len(sealed) == 3
    assert len({tuple(sorted(stock.pieces.items())) for stock in made}) == 1
