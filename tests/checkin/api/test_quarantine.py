"""What revoked phones bring is held apart, and counts once a person has accepted it."""

import uuid

import pytest

from checkin.models import Conflict, Device, HeldScan, Presence, Scan
from checkin.operations import enrolling_devices, quarantining
from conference.models import AuditEntry
from tests.checkin.conftest import enrolled_phone, lookup_of, make_person


def offline(phone, lookup, shown="admit", **members):
    return phone.record(lookup, offline=True, shown=shown, **members)


def bring(phone, *records, **body):
    return phone.post("scans/quarantine/", {"scans": list(records), **body})


def results(answer):
    assert answer.status_code == 200, answer.content
    return [(each["result"], each.get("code")) for each in answer.json()["results"]]


def revoke(phone, now):
    enrolling_devices.revoke(device=phone.device, now=now)


def accept(conference, *records, **options):
    ids = [uuid.UUID(each["scan_id"]) for each in records]
    return quarantining.accept_scans(conference=conference, scans=ids, **options)


def reject(conference, *records, **options):
    ids = [uuid.UUID(each["scan_id"]) for each in records]
    return quarantining.reject_scans(conference=conference, scans=ids, **options)


def test_what_a_revoked_phone_brings_is_held_and_moves_nobody(phone, lookup, now):
    revoke(phone, now)
    record = offline(phone, lookup)

    answer = bring(phone, record)

    assert answer.json() == {"results": [{"scan_id": record["scan_id"], "result": "quarantined"}]}
    held = HeldScan.objects.get()
    assert (held.record, held.state, held.delegate.badges.get().lookup) == (record, "held", lookup)
    assert not Scan.objects.exists()
    assert not Presence.objects.exists()


def test_quarantine_is_for_revoked_phones_alone(phone, lookup, now):
    answer = bring(phone, offline(phone, lookup))
    assert (answer.status_code, answer.json()["code"]) == (409, "device_active")
    assert not HeldScan.objects.exists()


def test_a_suspended_phone_keeps_all_wherever_it_brings_it_until_it_is_resumed(phone, lookup, now):
    enrolling_devices.suspend(device=phone.device, now=now)
    record = offline(phone, lookup)
    for answer in (bring(phone, record), phone.send(record)):
        assert (answer.status_code, answer.json()["code"]) == (403, "device_suspended")
    assert not HeldScan.objects.exists()
    assert not Scan.objects.exists()

    enrolling_devices.resume(device=phone.device, now=now)
    phone.send(record)
    assert str(Scan.objects.get().pk) == record["scan_id"]


def test_a_phone_that_is_revoked_while_suspended_brings_what_it_kept(phone, lookup, now):
    enrolling_devices.suspend(device=phone.device, now=now)
    revoke(phone, now)
    assert bring(phone, offline(phone, lookup)).json()["results"][0]["result"] == "quarantined"


def test_all_other_addresses_tell_a_revoked_phone_to_wipe_and_when_it_was_told_first(phone, now):
    revoke(phone, now)
    assert phone.post("scan/", b"{").status_code == 410
    told = Device.objects.get().wipe_told_at
    assert told is not None
    assert phone.get("snapshot/").status_code == 410
    assert phone.post("scans/", b"\xff", content_type="text/plain").status_code == 410
    assert Device.objects.get().wipe_told_at == told


def test_quarantine_also_tells_how_long_the_queue_is(phone, now):
    revoke(phone, now)
    bring(phone, status={"queued": 7, "battery": 50, "cursor": "abc", "app": "2.0.0"})
    device = Device.objects.get()
    assert (device.queued, device.battery, device.cursor, device.app_version) == (
        7,
        50,
        "abc",
        "2.0.0",
    )


def test_what_comes_twice_is_a_duplicate_and_what_is_broken_harms_no_other(phone, lookup, now):
    revoke(phone, now)
    first, second = offline(phone, lookup), offline(phone, lookup)
    assert results(bring(phone, first, first)) == [("quarantined", None), ("duplicate", None)]

    told = results(
        bring(
            phone,
            first,
            first | {"seq": 77},
            offline(phone, lookup, zone=999_999),
            phone.record(lookup),
            {"scan_id": "x"},
            second,
        )
    )

    assert told == [
        ("duplicate", None),
        ("invalid", "scan_id_reused"),
        ("invalid", "zone_unknown"),
        ("invalid", "field_invalid"),
        ("invalid", "field_invalid"),
        ("quarantined", None),
    ]
    assert HeldScan.objects.count() == 2


def test_a_scan_whose_verdict_the_guard_already_told_is_nothing_new(phone, lookup, now):
    record = offline(phone, lookup)
    phone.send(record)
    revoke(phone, now)
    assert results(bring(phone, record)) == [("duplicate", None)]
    assert results(bring(phone, record | {"seq": 99})) == [("invalid", "scan_id_reused")]
    assert not HeldScan.objects.exists()


def test_what_the_guard_saw_of_a_scan_that_the_server_judged_is_held_apart(
    conference, phone, lookup, now
):
    record = phone.record(lookup)
    phone.post("scan/", {"scan": record})
    revoke(phone, now)
    told = record | {"offline": True, "shown": "refer"}

    assert results(bring(phone, told)) == [("quarantined", None)]

    assert Scan.objects.get().shown is None
    assert Presence.objects.get().inside is True
    assert accept(conference, told, now=now).count == 1
    assert (Scan.objects.get().shown, Scan.objects.get().decided) == ("refer", "admit")
    assert Presence.objects.get().inside is False
    assert results(bring(phone, told)) == [("duplicate", None)]


def test_an_accepted_scan_counts_like_all_others(conference, phone, other_phone, lookup, now):
    here, there = offline(phone, lookup), offline(other_phone, lookup)
    other_phone.send(there)
    revoke(phone, now)
    bring(phone, here)

    assert accept(conference, here, now=now).count == 1

    scan = Scan.objects.get(pk=here["scan_id"])
    assert (scan.quarantine, scan.shown, str(scan.device_id)) == (
        "accepted",
        "admit",
        str(phone.device.pk),
    )
    assert Conflict.objects.get().scans == sorted([here["scan_id"], there["scan_id"]])
    assert HeldScan.objects.get().state == "accepted"


def test_a_rejected_scan_never_counts_and_stays_known(conference, phone, lookup, now, organiser):
    revoke(phone, now)
    record = offline(phone, lookup)
    bring(phone, record)

    assert reject(conference, record, now=now, actor=organiser).count == 1

    assert accept(conference, record, now=now).count == 0
    assert not Scan.objects.exists()
    held = HeldScan.objects.get()
    assert (held.state, held.settled_by) == ("rejected", organiser)
    assert results(bring(phone, record)) == [("duplicate", None)]


def test_many_are_settled_at_once_and_it_is_noted_who_did_it(  # noqa: PLR0917
    conference, phone, other_phone, delegation, now, organiser
):
    people = [lookup_of(make_person(delegation, given_name=f"Wei {n}")) for n in range(3)]
    brought = []
    for each in (phone, other_phone):
        revoke(each, now)
        records = [offline(each, lookup) for lookup in people]
        bring(each, *records)
        brought += records

    settled = accept(conference, *brought, now=now, actor=organiser)

    assert (settled.count, settled.refused) == (6, ())
    assert Presence.objects.filter(inside=True).count() == 3
    entries = AuditEntry.objects.filter(action="held_scan.accepted")
    assert sorted(len(each.after["scans"]) for each in entries) == [3, 3]
    assert {each.actor for each in entries} == {organiser}


def test_one_whose_id_another_scan_has_taken_stays_held(
    conference, phone, other_phone, lookup, now
):
    revoke(phone, now)
    record = offline(phone, lookup)
    bring(phone, record)
    other_phone.send(offline(other_phone, lookup, scan_id=record["scan_id"]))

    settled = accept(conference, record, now=now)

    assert (settled.count, settled.refused) == (0, (uuid.UUID(record["scan_id"]),))
    assert HeldScan.objects.get().state == "held"
    assert reject(conference, record, now=now).count == 1


def test_another_conferences_deliveries_cannot_be_settled(
    conference, other_conference, lookup, now
):
    phone = enrolled_phone(conference)
    revoke(phone, now)
    record = offline(phone, lookup)
    bring(phone, record)
    assert accept(other_conference, record, now=now).count == 0
    assert HeldScan.objects.get().state == "held"


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"scans":1}'])
def test_what_is_not_the_envelope_is_refused(phone, now, body):
    revoke(phone, now)
    answer = phone.post("scans/quarantine/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "envelope_invalid")
