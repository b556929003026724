"""What the look at the doors says of phones: gates that fall silent, scans that never came or wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Alert, Device, HeldScan
from checkin.operations import enrolling_devices, quarantining
from tests.checkin.operations.looking import MINUTE, kinds, open_alerts, told, watch

pytestmark = pytest.mark.django_db


def test_a_gate_in_use_that_falls_silent_is_told_of_until_it_is_heard_again(
    conference, phone, lookup
):
    phone.scan(lookup)
    heard = timezone.now()
    assert kinds(conference, heard + 6 * MINUTE) == []
    assert kinds(conference, heard + 8 * MINUTE) == ["silent_gate"]
    Device.objects.update(last_seen_at=heard + 9 * MINUTE)
    watch(conference, heard + 10 * MINUTE)
    assert not open_alerts("silent_gate").exists()
    watch(conference, heard + 20 * MINUTE)
    assert [alert.key.rpartition(":")[2] for alert in open_alerts("silent_gate")] == ["1"]


def test_a_phone_whose_guard_went_is_not_silent_once_nothing_waits_on_it(conference, phone, lookup):
    phone.scan(lookup)
    heard = timezone.now()
    phone.send(status={"queued": 2, "on_shift": False})
    assert kinds(conference, heard + 8 * MINUTE) == ["silent_gate"]
    phone.send(status={"queued": 0, "on_shift": False})
    watch(conference, heard + 8 * MINUTE)
    assert not open_alerts("silent_gate").exists()
    phone.send(status={"queued": 0, "on_shift": True})
    watch(conference, heard + 8 * MINUTE)
    assert open_alerts("silent_gate").exists()


def test_a_phone_that_never_says_whether_it_is_on_shift_is_missed(conference, phone, lookup):
    phone.scan(lookup)
    phone.send(status={"queued": 0})
    assert Device.objects.get().on_shift is None
    assert kinds(conference, timezone.now() + 8 * MINUTE) == ["silent_gate"]


def test_a_phone_whose_own_zones_are_closed_is_not_silent(conference, phone, lookup, zones):
    phone.scan(lookup)
    heard = timezone.now()
    phone.device.zones.set([zones["Hall"]])
    zones["Hall"].windows = [[0, round(heard.timestamp() * 1000)]]
    zones["Hall"].save()
    assert kinds(conference, heard + 8 * MINUTE) == []


def test_a_phone_that_locked_itself_is_not_silent(conference, phone, lookup):
    phone.scan(lookup)
    heard = timezone.now()
    Device.objects.update(last_seen_at=heard - timedelta(hours=13))
    assert kinds(conference, heard) == []


def test_one_phone_that_is_heard_speaks_for_its_gate(conference, phone, lookup):
    phone.scan(lookup)
    second = enrolling_devices.create_device(
        conference=conference,
        gate=phone.device.gate,
        name="Second",
        capabilities=["scan"],
        now=timezone.now(),
    ).device
    later = timezone.now() + 20 * MINUTE
    Device.objects.filter(pk=second.pk).update(token_hash="x" * 64, last_seen_at=later)
    assert kinds(conference, later) == []


def test_a_gate_at_which_nobody_works_any_more_is_not_silent(conference, phone, lookup, zones):
    phone.scan(lookup)
    heard = timezone.now()
    assert kinds(conference, heard + timedelta(hours=3)) == []
    closed = [[0, round(heard.timestamp() * 1000)]]
    conference.zones.update(windows=closed)
    assert kinds(conference, heard + 30 * MINUTE) == []


def test_scans_that_never_came_are_told_of_after_a_grace_until_they_come(conference, phone, lookup):
    first, second, third = (told(phone, lookup, shown="wrong_zone") for _ in range(3))
    phone.send(first, third)
    came = timezone.now()
    watch(conference, came + 9 * MINUTE)
    assert not open_alerts("seq_gap").exists()
    watch(conference, came + 12 * MINUTE)
    (gap,) = open_alerts("seq_gap")
    assert gap.params == {"scans": 1, "first": 2, "last": 2}
    phone.send(second)
    watch(conference, came + 13 * MINUTE)
    assert not open_alerts("seq_gap").exists()


def test_a_phone_that_says_scans_wait_on_it_is_given_longer(conference, phone, lookup):
    _first, second = (told(phone, lookup, shown="wrong_zone") for _ in range(2))
    phone.send(second, status={"queued": 2})
    came = timezone.now()
    watch(conference, came + 30 * MINUTE)
    assert not open_alerts("seq_gap").exists()
    watch(conference, came + 61 * MINUTE)
    assert open_alerts("seq_gap").exists()


def test_held_scans_are_told_of_by_phone_until_somebody_decided(conference, phone, lookup, now):
    enrolling_devices.revoke(device=phone.device, now=now)
    records = [told(phone, lookup, shown="wrong_zone") for _ in range(2)]
    phone.post("scans/quarantine/", {"scans": records})
    watch(conference, now)
    assert [alert.params for alert in open_alerts("quarantine")] == [{"scans": 2}]
    HeldScan.objects.update(state="rejected")
    watch(conference, now)
    assert not open_alerts("quarantine").exists()


def test_scans_that_came_by_way_of_quarantine_are_not_missing(conference, phone, lookup):
    records = [told(phone, lookup, shown="wrong_zone") for _ in range(4)]
    phone.send(records[0], records[3])
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [records[1]]})
    watch(conference, timezone.now() + 12 * MINUTE)
    assert [alert.params for alert in open_alerts("seq_gap")] == [
        {"scans": 1, "first": 3, "last": 3}
    ]


def test_scans_missing_only_below_held_ones_are_told_of(conference, phone, lookup):
    records = [told(phone, lookup, shown="wrong_zone") for _ in range(7)]
    phone.send(records[0])
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [records[3], records[6]]})
    came = timezone.now()
    watch(conference, came + 9 * MINUTE)
    assert not open_alerts("seq_gap").exists()
    missing = [{"scans": 2, "first": 2, "last": 3}, {"scans": 2, "first": 5, "last": 6}]
    for state in ("held", "rejected"):
        HeldScan.objects.update(state=state)
        watch(conference, came + 12 * MINUTE)
        gaps = open_alerts("seq_gap").order_by("pk")
        assert [(gap.params, gap.gate) for gap in gaps] == [
            (each, phone.device.gate) for each in missing
        ]
    phone.post("scans/quarantine/", {"scans": [*records[1:3], *records[4:6]]})
    watch(conference, came + 12 * MINUTE)
    assert not open_alerts("seq_gap").exists()


def test_scans_missing_below_the_only_ones_that_came_and_are_held_are_told_of(
    conference, phone, lookup
):
    _first, _second, third = (told(phone, lookup, shown="wrong_zone") for _ in range(3))
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [third]})
    watch(conference, timezone.now() + 12 * MINUTE)
    assert [alert.params for alert in open_alerts("seq_gap")] == [
        {"scans": 2, "first": 1, "last": 2}
    ]


def test_accepting_a_held_scan_neither_ends_nor_repeats_the_alert_of_the_gap_below_it(
    conference, phone, lookup, now
):
    records = [told(phone, lookup, shown="wrong_zone") for _ in range(3)]
    phone.send(records[0])
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [records[2]]})
    later = timezone.now() + 12 * MINUTE
    watch(conference, later)
    (before,) = open_alerts("seq_gap")
    quarantining.accept_scans(
        conference=conference, scans=HeldScan.objects.values_list("pk", flat=True), now=now
    )
    watch(conference, later + 12 * MINUTE)
    assert list(Alert.objects.filter(kind="seq_gap")) == [before]
    assert list(open_alerts("seq_gap")) == [before]


def test_a_phone_that_numbers_as_it_likes_costs_no_more(conference, phone, lookup):
    phone.send(told(phone, lookup, shown="wrong_zone", seq=2**53 - 1))
    watch(conference, timezone.now() + 12 * MINUTE)
    assert [alert.params["scans"] for alert in open_alerts("seq_gap")] == [2**53 - 2]
