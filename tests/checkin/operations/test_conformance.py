"""What the merge promises of one person: by two issues of a badge, late, and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Conflict, Presence
from checkin.operations import recounting, watching
from delegates.operations import badging
from tests.checkin.conftest import lookup_of

pytestmark = pytest.mark.django_db


def told(phone, lookup, **members):
    return phone.record(lookup, **({"offline": True, "shown": "admit"} | members))


def states():
    return dict(Conflict.objects.values_list("kind", "state"))


def test_a_reprinted_badge_is_the_same_person(conference, phone, other_phone, person, lookup):
    first = told(phone, lookup)
    phone.send(first)
    later = timezone.now() + timedelta(hours=1)
    badging.replace_badge(delegate=person, reason="lost", now=later)
    other_phone.send(told(other_phone, lookup_of(person), mono_ms=first["mono_ms"] + 5_000))
    assert states() == {"double_entry": "open"}
    assert Presence.objects.values_list("entries", flat=True).get() == 1
    assert recounting.recount(conference=conference, now=timezone.now()).differences == []


def test_an_entry_stored_before_its_badge_was_revoked_becomes_a_conflict_if_it_happened_after(
    conference, phone, person, lookup
):
    record = told(phone, lookup)
    phone.send(record | {"mono_ms": record["mono_ms"] + 30_000})
    badging.revoke_badge(delegate=person, reason="lost", now=timezone.now())
    assert states() == {}
    watching.watch(conference=conference, now=timezone.now())
    assert states() == {"admitted_after_revocation": "open"}


def test_a_conflict_ends_when_one_of_its_scans_is_taken_back(phone, other_phone, lookup):
    first = told(phone, lookup)
    second = told(other_phone, lookup, mono_ms=first["mono_ms"] + 5_000)
    phone.send(first)
    other_phone.send(second)
    assert states() == {"double_entry": "open"}
    other_phone.send(
        told(
            other_phone,
            lookup,
            shown="annulled",
            annuls=second["scan_id"],
            mono_ms=second["mono_ms"] + 5_000,
        )
    )
    assert states() == {"double_entry": "moot"}
