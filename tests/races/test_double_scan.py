"""One badge at two gates in the same instant, and one scan sent twice at once."""

import pytest
from django.utils import timezone

from checkin.models import Presence, Scan
from checkin.operations import admitting, merging
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


def judging(phone, record):
    return lambda: admitting.judge_scan(device=phone.device, record=record, now=timezone.now())


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


def test_of_two_gates_one_admits_and_the_other_sees_it(doors):
    delegation = make_delegation(doors)
    north, south = enrolled_phone(doors), enrolled_phone(doors, "South door")
    for number in range(10):
        person = make_person(delegation, given_name=f"Wei {number}")
        lookup = lookup_of(person)

        judged = at_once(judging(north, north.record(lookup)), judging(south, south.record(lookup)))

        assert sorted(each.verdict.code for each in judged) == ["admit", "already_inside"]
        presence = Presence.objects.get(delegate=person)
        assert (presence.inside, presence.entries) == (True, 1)
        assert Scan.objects.filter(delegate=person).count() == 2


def test_eight_phones_at_once_admit_a_person_once(doors):
    person = make_person(make_delegation(doors))
    lookup = lookup_of(person)
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(8)]

    judged = at_once(*(judging(phone, phone.record(lookup)) for phone in phones))

    assert sorted(each.verdict.code for each in judged) == ["admit"] + ["already_inside"] * 7
    assert Presence.objects.get().entries == 1
    assert Scan.objects.count() == 8


def test_one_scan_sent_twice_at_once_is_one_row_and_one_verdict(doors):
    delegation, phone = make_delegation(doors), enrolled_phone(doors)
    for number in range(10):
        person = make_person(delegation, given_name=f"Wei {number}")
        record = phone.record(lookup_of(person))

        judged = at_once(judging(phone, record), judging(phone, record))

        assert sorted(each.result for each in judged) == ["duplicate", "stored"]
        assert [each.verdict.code for each in judged] == ["admit", "admit"]
        assert Scan.objects.filter(delegate=person).count() == 1


def test_a_scan_and_its_own_upload_at_once_are_one_row(doors):
    delegation, phone = make_delegation(doors), enrolled_phone(doors)
    for number in range(10):
        person = make_person(delegation, given_name=f"Wei {number}")
        record = phone.record(lookup_of(person))
        told = record | {"offline": True, "shown": "admit"}

        at_once(
            judging(phone, record),
            lambda told=told: merging.store_scans(
                device=phone.device, records=[told], now=timezone.now()
            ),
        )

        scan = Scan.objects.get(delegate=person)
        assert (scan.shown, scan.verdict) == ("admit", "admit")
        presence = Presence.objects.get(delegate=person)
        assert (presence.inside, presence.entries) == (True, 1)
        assert presence.in_ms == scan.effective_ms


def test_uploads_and_scans_of_one_person_at_once_lose_nothing(doors):
    person, phones = (
        make_person(make_delegation(doors)),
        [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(6)],
    )
    lookup = lookup_of(person)

    def uploading(phone):
        told = phone.record(lookup) | {"offline": True, "shown": "admit"}
        return lambda: merging.store_scans(device=phone.device, records=[told], now=timezone.now())

    at_once(
        *(
            judging(phone, phone.record(lookup)) if n % 2 else uploading(phone)
            for n, phone in enumerate(phones)
        )
    )

    assert Scan.objects.count() == 6
    before = Presence.objects.values("inside", "entries", "in_ms", "in_scan", "at_scan").get()
    merging.refold(delegates=[person.pk], now=timezone.now())
    assert (
        Presence.objects.values("inside", "entries", "in_ms", "in_scan", "at_scan").get() == before
    )
