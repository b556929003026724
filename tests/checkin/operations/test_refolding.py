"""When the rules of a zone change, what all scans come to changes with them."""

import pytest
from django.utils import timezone

from checkin.models import Conflict, Presence
from checkin.operations import recounting, refolding, zoning

pytestmark = pytest.mark.django_db


def save(zone, **rules):
    given = {
        "name_en": zone.name_en,
        "name_zh": zone.name_zh,
        "open_to": list(zone.open_to.all()),
        "reentry": zone.reentry,
        "resets": zone.resets,
        "is_arrival": zone.is_arrival,
    }
    return zoning.save_zone(
        conference=zone.conference,
        rules=zoning.ZoneRules(**(given | rules)),
        now=timezone.now(),
        actor=None,
        zone=zone,
    )


def test_other_rules_of_reentry_are_applied_to_the_scans_there_are(
    zones, phone, other_phone, lookup, django_capture_on_commit_callbacks
):
    hall = zones["Hall"]  # as often as wanted
    first = phone.record(lookup, zone=hall.pk, offline=True, shown="admit")
    phone.send(first)
    other_phone.send(
        other_phone.record(
            lookup,
            zone=hall.pk,
            offline=True,
            shown="admit",
            mono_ms=first["mono_ms"] + 5_000,
        )
    )
    assert not Conflict.objects.exists()
    with django_capture_on_commit_callbacks() as asked:
        save(hall, reentry="after_exit")
    assert len(asked) == 1

    assert refolding.refold_zone(zone_id=hall.pk, now=timezone.now()) == 1
    assert Conflict.objects.get().kind == "double_entry"


def test_a_reset_put_between_two_entries_makes_two_stays_of_them(conference, zones, phone, lookup):
    first = phone.record(lookup, offline=True, shown="admit")
    second = phone.record(lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000)
    phone.send(first, second)
    assert Presence.objects.get().entries == 1
    t_ms = first["anchor"]["server_ms"] + first["mono_ms"] + 2_000
    save(zones["Venue"], resets=[t_ms])
    refolding.refold_zone(zone_id=zones["Venue"].pk, now=timezone.now())
    assert Presence.objects.get().entries == 2
    assert Conflict.objects.get().state == "moot"
    assert recounting.recount(conference=conference, now=timezone.now()).differences == []


def test_another_name_folds_nobody(zones, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as asked:
        save(zones["Hall"], name_en="Great hall")
    assert asked == []
