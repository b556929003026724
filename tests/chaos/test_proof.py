"""The proof itself: it finds what was lost, doubled, changed or counted without cause."""

import uuid

import pytest
from django.utils import timezone

from checkin.models import Conflict, Presence, Scan
from tests.chaos import proof
from tests.chaos.proof import Tally
from tests.chaos.verbs_door import scan
from tests.chaos.verbs_phone import offline, online, uploaded

LOSE_A_ROW = """async () => {
  const opened = indexedDB.open("plenary-checkin");
  const db = await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); });
  const writing = db.transaction("scans", "readwrite");
  const rows = writing.objectStore("scans");
  const asked = rows.getAllKeys();
  asked.onsuccess = () => rows.delete(asked.result[0]);
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  db.close();
}"""


@pytest.fixture
def phone(make_world):
    phone = make_world.phone("A")
    phone.enrol()
    for step in (offline(), scan("wei", "admit"), scan("mei", "admit")):
        step.run(make_world)
    return phone


@pytest.fixture
def arrived(make_world, phone):
    """Both scans are in the database, and the proof is content."""
    for step in (online(), uploaded()):
        step.run(make_world)
    assert proven(make_world).faults == []
    return Scan.objects.filter(conference=make_world.conference).order_by("seq")


def proven(world):
    tally = Tally("proof")
    proof.prove(world, tally)
    return tally


def proven_at_once(world):
    """The same, once nothing is under way any more: what is wrong then does not come right."""
    tally = Tally("proof")
    proof.prove(world, tally, seconds=0)
    return tally


def copy_of(scan_row):
    scan_row.pk, scan_row.seq = uuid.uuid4(), scan_row.seq + 100
    scan_row._state.adding = True
    return scan_row


def test_a_green_light_whose_scan_vanished_from_the_phone_is_found_lost(make_world, phone):
    phone.live.evaluate(LOSE_A_ROW)
    proof.drain(make_world)
    tally = proven(make_world)
    assert (tally.shown, tally.stored, tally.lost, tally.doubled) == (2, 1, 1, 0)


def test_tampering_with_the_tables_is_found(make_world, arrived):
    first = arrived.first()

    copy_of(arrived.last()).save()
    assert proven_at_once(make_world).doubled == 1
    Scan.objects.filter(seq__gt=100).delete()

    Scan.objects.filter(pk=first.pk).update(shown="blocked")
    assert any("was shown as admit" in fault for fault in proven_at_once(make_world).faults)
    Scan.objects.filter(pk=first.pk).update(shown="admit")

    Presence.objects.filter(delegate=make_world.people["wei"]).update(inside=False)
    assert any("the fold says" in fault for fault in proven_at_once(make_world).faults)
    Presence.objects.filter(delegate=make_world.people["wei"]).update(inside=True)

    Presence.objects.create(
        conference=make_world.conference,
        delegate=make_world.people["ana"],
        zone=make_world.zones["Hall"],
        entries=1,
    )
    faults = proven_at_once(make_world).faults
    assert any("nobody saw a green light" in fault for fault in faults)
    Presence.objects.filter(delegate=make_world.people["ana"]).delete()

    Conflict.objects.create(
        id="0" * 32,
        conference=make_world.conference,
        delegate=make_world.people["wei"],
        zone=make_world.zones["Venue"],
        kind="double_entry",
        raised_at=timezone.now(),
    )
    assert any("conflicts" in fault for fault in proven_at_once(make_world).faults)
