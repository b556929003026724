"""Two beats, four workers: each alert is raised once, and each letter written once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Alert, Block
from checkin.operations import admitting, alert_letters, merging, watching
from conference.models import Message
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def doors(transactional_db):
    conference = make_doors(make_conference())
    for role in ("organiser", "protocol", "desk"):
        make_member(conference, role)
    return conference


def test_looks_at_once_raise_and_write_everything_once(doors):
    delegation = make_delegation(doors)
    north, south = enrolled_phone(doors), enrolled_phone(doors, "South door")
    now = timezone.now()
    for n in range(5):
        lookup = lookup_of(make_person(delegation, given_name=f"V{n}", vip=True))
        first = north.record(lookup, offline=True, shown="admit")
        again = south.record(
            lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000 + n
        )
        for phone, record in ((north, first), (south, again)):
            merging.store_scans(device=phone.device, records=[record], now=now)
    later = now + timedelta(minutes=10)

    def look():
        watching.watch(conference=doors, now=later)
        alert_letters.write_letters(conference=doors, now=later)

    at_once(*[look] * 4)
    at_once(*[look] * 4)

    kinds = list(Alert.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["conflict"] * 5 + ["silent_gate"] * 2 + ["vip_arrival"] * 5
    assert not Alert.objects.filter(mailed_at=None).exists()
    # Whatever was raised while another worker wrote waits for its turn in a later letter.
    lines = [
        line for body in _bodies("protocol") for line in body.splitlines() if " Zhang " in line
    ]
    assert len(lines) == len(set(lines)) == 5
    for role in ("organiser", "desk"):
        told = [line for body in _bodies(role) for line in body.splitlines() if " Zhang " in line]
        assert len(told) == len(set(told)) == 5


def test_a_vip_scanned_at_two_doors_at_once_is_announced_once(doors):
    delegation = make_delegation(doors)
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(4)]
    for number in range(5):
        lookup = lookup_of(make_person(delegation, given_name=f"V{number}", vip=True))
        at_once(
            *(
                lambda phone=phone, lookup=lookup: admitting.judge_scan(
                    device=phone.device, record=phone.record(lookup), now=timezone.now()
                )
                for phone in phones
            ),
            lambda: watching.watch(conference=doors, now=timezone.now()),
        )
    watching.watch(conference=doors, now=timezone.now())
    assert Alert.objects.filter(kind="vip_arrival").count() == 5


def test_a_blocked_person_tried_at_once_is_told_of_once_a_gate(doors):
    person = make_person(make_delegation(doors))
    now = timezone.now()
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    lookup = lookup_of(person)
    phones = [enrolled_phone(doors, "North door" if n % 2 else "South door") for n in range(6)]
    at_once(
        *(
            lambda phone=phone: admitting.judge_scan(
                device=phone.device, record=phone.record(lookup), now=now
            )
            for phone in phones
        )
    )
    moments = {alert.key.rpartition(":")[2] for alert in Alert.objects.all()}
    assert Alert.objects.filter(kind="blocked_person").count() == 2 * len(moments)


def _bodies(role):
    letters = Message.objects.filter(to_email=f"{role}@example.org").order_by("pk")
    return list(letters.values_list("body_text", flat=True))
