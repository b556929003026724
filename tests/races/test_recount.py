"""Scans and uploads of the same persons at once: whatever came of it, the recount finds nothing."""

import random
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from checkin.models import Conflict, Presence, Scan
from checkin.operations import admitting, merging, recounting
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_person,
    uuid7,
)
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PHONES, ROUNDS, PERSONS = 6, 25, 5


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


def told(phone, lookup, chance, zones):
    """A record as a phone without a line brings it, at some moment of the last hours."""
    direction = chance.choice(["in", "in", "out"])
    record = phone.record(
        lookup,
        direction=direction,
        zone=chance.choice(zones),
        offline=True,
        shown="exit_ok" if direction == "out" else "admit",
    )
    record["mono_ms"] += chance.randrange(-20_000, 20_000)
    if chance.random() < 0.1:
        record["anchor"] = None
    return record


def taking_back(phone, record):
    return phone.record(
        record["lookup"],
        direction=record["direction"],
        zone=record["zone"],
        offline=True,
        shown="annulled",
        annuls=record["scan_id"],
        mono_ms=record["mono_ms"] + 30_000,
    )


def busy(phone, lookups, zones, seed):
    """One phone's day: single scans, uploads, repeats and annulments, as chance has it."""
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        records = [
            told(phone, chance.choice(lookups), chance, zones) for _ in range(chance.randrange(4))
        ]
        if records and chance.random() < 0.2:
            records.append(taking_back(phone, records[0]))
        merging.store_scans(device=phone.device, records=records, now=timezone.now())
        plain = phone.record(
            chance.choice(lookups),
            direction=chance.choice(["in", "out"]),
            zone=chance.choice(zones),
        )
        if chance.random() < 0.1:
            plain["anchor"] = plain["anchor"] | {"boot_id": uuid7()}
        admitting.judge_scan(device=phone.device, record=plain, now=timezone.now())
        if chance.random() < 0.3:
            repeat = plain | {"shown": "admit" if plain["direction"] == "in" else "exit_ok"}
            merging.store_scans(device=phone.device, records=[repeat], now=timezone.now())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_heavy_traffic_at_once_the_recount_finds_nothing(doors, seed):
    delegation = make_delegation(doors)
    lookups = [
        lookup_of(make_person(delegation, given_name=f"Wei {n}", vip=n == 0))
        for n in range(PERSONS)
    ]
    zones = list(doors.zones.values_list("pk", flat=True))
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(PHONES)]

    at_once(
        *(
            lambda phone=phone, n=n: busy(phone, lookups, zones, 100 * seed + n)
            for n, phone in enumerate(phones)
        )
    )

    made = recounting.recount(conference=doors, now=timezone.now())
    assert made.differences == []
    assert (made.difference_count, made.persons) == (0, PERSONS)
    assert made.scans == Scan.objects.count() > PHONES * ROUNDS
    assert Conflict.objects.filter(state=Conflict.State.OPEN).exists()


def test_the_recount_beside_the_traffic_takes_nothing_on_its_way_for_a_fault(doors):
    delegation = make_delegation(doors)
    lookups = [lookup_of(make_person(delegation, given_name=f"Wei {n}")) for n in range(PERSONS)]
    zones = list(doors.zones.values_list("pk", flat=True))
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(3)]

    def recounts():
        return [
            recounting.recount(conference=doors, now=timezone.now()).differences for _ in range(8)
        ]

    found = at_once(
        recounts,
        *(
            lambda phone=phone, n=n: busy(phone, lookups, zones, n)
            for n, phone in enumerate(phones)
        ),
    )
    assert found[0] == [[]] * 8


def test_a_fold_with_an_older_story_neither_opens_nor_ends_a_conflict(doors, monkeypatch):
    """Of two folds of one person at once the second waits, and then reads what the first knew."""
    person = make_person(make_delegation(doors))
    north, south = enrolled_phone(doors), enrolled_phone(doors, "South door")
    lookup = lookup_of(person)
    first = north.record(lookup, offline=True, shown="admit")
    out = north.record(lookup, offline=True, shown="exit_ok", direction="out")
    out["mono_ms"] = first["mono_ms"] + 2_000
    again = south.record(lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 4_000)
    merging.store_scans(device=north.device, records=[first], now=timezone.now())
    merging.store_scans(device=south.device, records=[again], now=timezone.now())
    assert Conflict.objects.get().state == Conflict.State.OPEN

    has_read, may_go_on = threading.Event(), threading.Event()
    honest = merging.read_stories

    def slowly(*args, **kwargs):
        stories = list(honest(*args, **kwargs))
        if threading.current_thread().name == "old":
            has_read.set()
            may_go_on.wait(10)
        return stories

    monkeypatch.setattr(merging, "read_stories", slowly)

    def fold_slowly():
        try:
            with transaction.atomic():
                merging.refold(delegates=[person.pk], now=timezone.now())
        finally:
            connection.close()

    def bring_the_exit():
        try:
            merging.store_scans(device=north.device, records=[out], now=timezone.now())
        finally:
            connection.close()

    old = threading.Thread(target=fold_slowly, name="old")
    old.start()
    assert has_read.wait(10)
    new = threading.Thread(target=bring_the_exit, name="new")
    new.start()
    new.join(0.5)
    assert new.is_alive()  # it waits for the person
    may_go_on.set()
    old.join(10)
    new.join(10)

    assert Conflict.objects.get().state == Conflict.State.MOOT
    assert Presence.objects.get().entries == 2
    assert recounting.recount(conference=doors, now=timezone.now()).difference_count == 0
