"""The reference client against the running server, when something goes wrong."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from checkin.models import Conflict, Device, Presence, Scan
from checkin.operations import enrolling_devices
from docs.cp1_client.client import Client, Locked
from docs.cp1_client.door import Door
from docs.cp1_client.outbox import upload
from docs.cp1_client.wire import NoAnswer, Refusal
from tests.checkin.api.conftest import shown


@pytest.mark.parametrize("fault", ["lost", "cut", "slow", 500, 502, 200, 403, 410])
def test_without_an_answer_the_phone_judges_the_same_scan(enrol, text, line, fault):
    client = enrol()
    line.faults.append(fault)
    seen = Door(client).scan(text)
    assert shown(seen) == ("admit", "phone")
    (queued,) = client.store.queue()
    assert (queued["record"]["offline"], queued["record"]["shown"]) == (True, "admit")

    assert sum(upload(client).values()) == 1
    scan = Scan.objects.get()
    assert (str(scan.pk), scan.shown) == (seen.scan_id, "admit")
    assert scan.decided == ("admit" if fault in {"lost", "slow"} else None)
    assert Presence.objects.get().inside
    assert not Conflict.objects.exists()


def test_an_upload_whose_answer_was_lost_is_sent_again(enrol, text, line):
    client = enrol(sleep=lambda _: None)
    Door(client).scan(text, online=False)
    line.faults.extend(["lost", 503, "lost"])
    assert upload(client) == {"duplicate": 1}
    assert Scan.objects.count() == 1
    assert [path for _, path in line.asked[-4:]] == ["/api/v1/checkin/scans/"] * 4


def test_a_queue_larger_than_a_batch_arrives_whole(enrol, text):
    client = enrol()
    door = Door(client)
    for number in range(205):
        door.scan(f"ticket {number}", online=False)
    assert upload(client) == {"stored": 205}
    assert sorted(Scan.objects.values_list("seq", flat=True)) == list(range(1, 206))


def test_one_bad_record_is_kept_and_delays_nobody(enrol, text):
    client = enrol()
    door = Door(client)
    for _ in range(3):
        door.scan(text, online=False)
    client.store.queue()[1]["record"]["seq"] = "two"
    assert upload(client) == {"stored": 2, "invalid": 1}
    assert client.store.queue() == []
    (refused,) = client.store.refused()
    assert refused["refusal"]["code"] == "field_invalid"
    assert refused["refusal"]["detail"]


def test_an_enrolment_whose_answer_was_lost_is_repeated(line, issue, tmp_path):
    client = Client(tmp_path / "state.json", sleep=lambda _: None)
    line.faults.append("lost")
    device = client.enrol(f"{line.url}/checkin/#e={issue()}")
    assert device["id"] == str(Device.objects.get().pk)
    assert client.refresh() == "full"

    stranger = Client(tmp_path / "stranger.json", tries=1)
    with pytest.raises(Refusal, match="403 enrolment_invalid"):
        stranger.enrol(f"{line.url}/checkin/#e={'x' * 22}")


def test_a_code_is_good_for_one_phone(line, issue, tmp_path):
    address = f"{line.url}/checkin/#e={issue()}"
    Client(tmp_path / "one.json").enrol(address)
    with pytest.raises(Refusal, match="403 enrolment_invalid"):
        Client(tmp_path / "two.json").enrol(address)


def test_a_suspended_phone_locks_and_keeps_all(enrol, text):
    client = enrol(tries=1)
    Door(client).scan(text, online=False)
    device = Device.objects.get()
    enrolling_devices.suspend(device=device, now=timezone.now())
    with pytest.raises(Refusal, match="403 device_suspended"):
        upload(client)
    with pytest.raises(Locked):
        Door(client).scan(text, online=False)
    assert len(client.store.queue()) == 1
    assert client.store.snapshot is not None

    enrolling_devices.resume(device=device, now=timezone.now())
    assert upload(client) == {"stored": 1}
    assert shown(Door(client).scan(text, online=False)) == ("already_inside", "phone")


def test_a_phone_whose_token_died_keeps_its_queue(enrol, text, line, issue):
    client = enrol(tries=1)
    Door(client).scan(text, online=False)
    Device.objects.update(token_hash=None)
    with pytest.raises(Refusal, match="401 token_invalid"):
        upload(client)
    with pytest.raises(Locked):
        Door(client)

    client.enrol(f"{line.url}/checkin/#e={issue()}")
    assert upload(client) == {"stored": 1}


def test_the_lease_ends_and_the_queue_stays(enrol, text):
    with time_machine.travel(timezone.now(), tick=True) as clock:
        client = enrol(mono=time.time, tries=1)
        Door(client).scan(text, online=False)
        clock.shift(timedelta(hours=12))
        with pytest.raises(Locked, match="lease"):
            Door(client).scan(text, online=False)
        assert client.store.snapshot is None
        assert len(client.store.queue()) == 1
        assert client.refresh() == "full"
        Door(client).scan(text, online=False)


def test_who_asks_too_often_waits_as_long_as_told(enrol, text):
    waited = []
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def sleep(seconds):
            waited.append(seconds)
            clock.shift(seconds)

        client = enrol(sleep=sleep)
        for _ in range(12):
            upload(client)
    assert 1 <= len(waited) <= 2
    assert all(1 <= seconds <= 9 for seconds in waited)


def test_the_token_goes_to_no_other_host_in_clear(tmp_path):
    with pytest.raises(ValueError, match="only https"):
        Client(tmp_path / "state.json").enrol("http://example.org/checkin/#e=" + "x" * 22)


def test_nobody_there_is_no_answer(enrol, line):
    client = enrol(tries=1)
    line.faults.append("cut")
    with pytest.raises(NoAnswer):
        client.board()


def test_a_revoked_phone_wipes_itself_and_loses_no_scan(enrol, text, line):
    client = enrol()
    door = Door(client)
    door.scan(text, online=False)
    enrolling_devices.revoke(device=Device.objects.get(), now=timezone.now())

    with pytest.raises(Refusal, match="410 device_revoked"):
        door.scan(text)
    assert client.store.snapshot is None
    assert not client.store.snapshot_path.exists()
    with pytest.raises(Locked):
        Door(client)
    assert len(client.store.queue()) == 1

    assert upload(client) == {"quarantined": 1}
    assert client.store.queue() == []
    assert not Presence.objects.exists(), "held scans move nobody"


def test_an_active_phone_has_no_business_in_quarantine(enrol):
    with pytest.raises(Refusal, match="409 device_active"):
        enrol().ask("POST", "scans/quarantine/", {"scans": []})
