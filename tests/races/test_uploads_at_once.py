"""After a day offline all phones bring their scans at once, some of them twice."""

import random

import pytest
from django.utils import timezone

from checkin.models import Presence, Scan
from checkin.operations import merging, recounting
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_person,
)
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PHONES, SCANS, BATCH, PERSONS = 8, 60, 20, 25


def day_of(phone, lookups, chance):
    """Return what a phone scanned: shared badges, in and out, some refusals."""
    started = phone.record(lookups[0])["mono_ms"]
    return [
        phone.record(
            chance.choice(lookups),
            mono_ms=started + number * 500,
            offline=True,
            **chance.choice(
                [
                    {"shown": "admit"},
                    {"shown": "exit_ok", "direction": "out"},
                    {"shown": "already_inside"},
                ]
            ),
        )
        for number in range(SCANS)
    ]


def deliveries(records, chance):
    """Return the records in batches as a bad line delivers them: shuffled, a third of them twice."""
    sent = [*records, *chance.sample(records, len(records) // 3)]
    chance.shuffle(sent)
    return [sent[at : at + BATCH] for at in range(0, len(sent), BATCH)]


def test_each_scan_of_all_phones_is_stored_once_whatever_comes_twice_and_when():
    doors = make_doors(make_conference())
    delegation = make_delegation(doors)
    lookups = [lookup_of(make_person(delegation, given_name=f"Wei {n}")) for n in range(PERSONS)]
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(PHONES)]
    days = [day_of(phone, lookups, random.Random(n)) for n, phone in enumerate(phones)]

    def bringing(number, attempt):
        """Bring one phone's day; twice at once, as if an answer had been lost."""
        phone, chance = phones[number], random.Random(100 * attempt + number)
        return lambda: [
            each.result
            for batch in deliveries(days[number], chance)
            for each in merging.store_scans(device=phone.device, records=batch, now=timezone.now())
        ]

    brought = at_once(*(bringing(n, attempt) for n in range(PHONES) for attempt in range(2)))

    results = [result for each in brought for result in each]
    assert results.count("stored") == PHONES * SCANS == Scan.objects.count()
    assert set(results) == {"stored", "duplicate"}
    sent = {record["scan_id"] for day in days for record in day}
    assert {str(pk) for pk in Scan.objects.values_list("pk", flat=True)} == sent
    assert Presence.objects.count() == PERSONS
    assert recounting.recount(conference=doors, now=timezone.now()).differences == []
