"""A phone's clock may say anything: no page and no look at the doors stumbles over it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checkin.models import Alert, Conflict, Presence
from checkin.operations import merging, watching
from tests.checkin.conftest import lookup_of

pytestmark = pytest.mark.django_db
LARGEST = 2**53 - 1


def at(phone, lookup, t_ms):
    """A record of an instant that only a broken phone tells."""
    boot = "018b92b1-ae80-4000-8000-00000000002a"
    back = max(-t_ms, 0)
    anchor = {"server_ms": max(t_ms, 0), "mono_ms": back, "boot_id": boot}
    return phone.record(lookup, offline=True, shown="admit", anchor=anchor, boot_id=boot, mono_ms=0)


@pytest.mark.parametrize("t_ms", [-LARGEST, -1, 0, LARGEST, 2 * LARGEST])
def test_pages_show_scans_of_any_instant(as_organiser, person, phone, other_phone, t_ms):
    now, conference, lookup = timezone.now(), person.conference, lookup_of(person)
    for each in (phone, other_phone):
        merging.store_scans(device=each.device, records=[at(each, lookup, t_ms)], now=now)
    watching.watch(conference=conference, now=now)

    assert Presence.objects.get().first_in_ms == t_ms
    conflict = Conflict.objects.get()
    assert Alert.objects.filter(kind=Alert.Kind.CONFLICT).count() == 1
    slug = conference.slug
    for name, args in [
        ("desk_person", [slug, person.pk]),
        ("arrivals", [slug]),
        ("alerts", [slug]),
        ("conflicts", [slug]),
        ("conflict_detail", [slug, conflict.pk]),
        ("device_detail", [slug, phone.device.pk]),
        ("recounts", [slug]),
    ]:
        assert as_organiser.get(reverse(f"checkin:{name}", args=args)).status_code == 200, name


@pytest.mark.parametrize("t_ms", [-LARGEST, -1, LARGEST + 1, 2 * LARGEST])
def test_an_instant_that_cannot_be_written_is_refused(phone, lookup, t_ms):
    record = at(phone, lookup, 0)
    record["mono_ms"] = max(t_ms - LARGEST, 0)
    record["anchor"]["mono_ms"] = max(-t_ms, 0)
    record["anchor"]["server_ms"] = min(max(t_ms, 0), LARGEST)
    told = phone.send(record).json()["results"][0]
    assert (told["result"], told["code"]) == ("invalid", "field_invalid")
    asked = {**record, "offline": False, "shown": None}
    refused = phone.post("scan/", {"scan": asked})
    assert (refused.status_code, refused.json()["code"]) == (400, "scan_invalid")
    assert not Presence.objects.exists()
