"""Who may ask: the checks come in the order of the protocol, each with its code and sentence."""

import gzip
import json
import time
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from checkin.models import Device, Gate, Scan
from checkin.operations import enrolling_devices
from tests.checkin.conftest import BASE, enrolled_phone

ADDRESSES = [
    ("post", "scan/"),
    ("post", "scans/"),
    ("get", "snapshot/"),
    ("get", "search/"),
    ("get", "clock/"),
    ("get", "board/"),
]


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert set(answer.json()) == {"code", "detail"}
    assert answer.json()["detail"]
    assert_stamped(answer)


def assert_stamped(answer):
    assert abs(int(answer["CP1-Time"]) - time.time() * 1000) < 5_000
    assert answer["Cache-Control"] == "no-store"


def ask(phone, method, address, **headers):
    if method == "get":
        return phone.get(address, {"q": "zhang"}, **headers)
    return phone.post(address, {"scans": []}, **headers)


@pytest.fixture
def everything(conference):
    return enrolled_phone(conference, capabilities=("scan", "desk", "override"))


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
@pytest.mark.parametrize(
    "authorization", ["", "Bearer " + "x" * 43, "Bearer short", "Basic eDp5", "bearer"]
)
def test_without_a_token_nobody_is_answered(db, method, address, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    answer = getattr(Client(headers=headers), method)(BASE + address)
    refused(answer, 401, "token_invalid")


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_revoked_device_hears_it_before_anything_else(everything, method, address, now):
    enrolling_devices.suspend(device=everything.device, now=now)
    Device.objects.update(revoked_at=now)
    refused(ask(everything, method, address), 410, "device_revoked")


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_suspended_device_is_locked_until_it_is_resumed(everything, method, address, now):
    enrolling_devices.suspend(device=everything.device, now=now)
    refused(ask(everything, method, address), 403, "device_suspended")

    enrolling_devices.resume(device=everything.device, now=now)
    assert ask(everything, method, address).status_code in {200, 400}


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_device_past_its_last_day_counts_as_not_enrolled(everything, method, address, now):
    Device.objects.update(valid_until=now)
    refused(ask(everything, method, address), 401, "token_invalid")


@pytest.mark.parametrize(
    ("capabilities", "method", "address"),
    [
        (["desk"], "post", "scan/"),
        (["desk"], "post", "scans/"),
        (["desk"], "get", "snapshot/"),
        (["desk"], "get", "board/"),
        (["scan"], "get", "search/"),
    ],
)
def test_a_device_does_what_it_was_made_for_and_no_more(conference, capabilities, method, address):
    phone = enrolled_phone(conference, capabilities=capabilities)
    refused(ask(phone, method, address), 403, "capability_missing")
    assert phone.get("clock/").status_code == 200


def test_uploads_come_at_most_ten_a_minute(phone):
    answers = [phone.send() for _ in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    refused(answers[10], 429, "rate_limited")
    assert 1 <= int(answers[10]["Retry-After"]) <= 6


def test_scans_come_ten_a_second_in_bursts_of_thirty(phone):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        codes = [phone.post("scan/", b"{").status_code for _ in range(31)]
        clock.shift(timedelta(seconds=1))
        codes += [phone.post("scan/", b"{").status_code for _ in range(11)]
    assert codes == [400] * 30 + [429] + [400] * 10 + [429]


def test_the_rate_is_checked_before_the_capability_and_the_envelope(conference):
    phone = enrolled_phone(conference, capabilities=["desk"])
    codes = [phone.post("scans/", b"{").json()["code"] for _ in range(11)]
    assert codes == ["capability_missing"] * 10 + ["rate_limited"]


def test_each_device_has_its_own_allowance(phone, other_phone):
    for _ in range(11):
        phone.send()
    assert other_phone.send().status_code == 200


def test_a_request_above_one_mebibyte_is_too_large(phone):
    refused(phone.post("scan/", b" " * (1024 * 1024 + 1)), 413, "too_large")


def test_a_zipped_request_is_measured_as_it_was(phone):
    bomb = gzip.compress(b" " * (2 * 1024 * 1024))
    refused(phone.post("scans/", bomb, **{"Content-Encoding": "gzip"}), 413, "too_large")
    torn = gzip.compress(b'{"scans":[]}')[:-4]
    refused(phone.post("scans/", torn, **{"Content-Encoding": "gzip"}), 400, "envelope_invalid")
    whole = gzip.compress(b'{"scans":[]}')
    answer = phone.post("scans/", whole, **{"Content-Encoding": "gzip"})
    assert answer.json() == {"results": []}


def test_a_body_that_is_not_json_by_its_type_is_refused(phone):
    refused(phone.post("scan/", {"scan": {}}, content_type="text/plain"), 415, "media_type")
    refused(
        phone.post("scan/", {"scan": {}}, content_type="application/json; charset=utf-8"),
        400,
        "scan_invalid",
    )


def test_an_address_knows_its_own_method_only(phone):
    refused(phone.get("scan/"), 405, "method_not_allowed")
    refused(phone.post("clock/", {}), 405, "method_not_allowed")


def test_there_is_nothing_else(phone):
    refused(phone.get("nonsense/"), 404, "not_found")


def test_sentences_are_in_the_language_that_was_asked_for(phone):
    english = phone.post("scan/", b"{", **{"Accept-Language": "en"}).json()
    chinese = phone.post("scan/", b"{", **{"Accept-Language": "zh-CN,zh;q=0.9"}).json()
    assert english["code"] == chinese["code"] == "envelope_invalid"
    assert english["detail"] == "The request is not of the agreed shape."


def test_a_failed_check_leaves_nothing_behind(phone, lookup, now):
    enrolling_devices.suspend(device=phone.device, now=now)
    phone.scan(lookup)
    phone.send(phone.record(lookup, offline=True, shown="admit"))
    assert not Scan.objects.exists()


def test_answers_above_a_kilobyte_are_zipped_for_whoever_takes_it(phone, lookup):
    plain = phone.get("snapshot/")
    zipped = phone.get("snapshot/", **{"Accept-Encoding": "gzip"})
    assert zipped["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped["Vary"]
    unzipped = json.loads(gzip.decompress(zipped.content))
    # Each whole snapshot has a cursor of its own.
    assert unzipped | {"cursor": ""} == plain.json() | {"cursor": ""}
    assert "Content-Encoding" not in phone.get("clock/", **{"Accept-Encoding": "gzip"})


def test_the_clock_tells_the_servers_time(phone):
    answer = phone.get("clock/")
    assert abs(answer.json()["server_ms"] - time.time() * 1000) < 5_000
    assert_stamped(answer)


def test_any_contact_is_a_sign_of_life(phone, now):
    Device.objects.update(last_seen_at=now - timedelta(minutes=10))
    phone.get("clock/")
    assert Device.objects.get().last_seen_at > now - timedelta(minutes=1)


# --- Enrolment -----------------------------------------------------------------------------------


def enrol(code, install_id=None, **more):
    body = {"enrolment": code, "install_id": install_id or str(uuid.uuid4()), "app": "1.0.0"}
    return Client().post(
        BASE + "enrolments/", json.dumps(body | more), content_type="application/json"
    )


@pytest.fixture
def issued(conference, now):
    return enrolling_devices.create_device(
        conference=conference,
        gate=Gate.objects.get(conference=conference, name_en="North door"),
        name="North door 2",
        capabilities=["desk", "scan"],
        now=now,
    )


def test_a_code_makes_a_device_with_a_token(issued, conference):
    answer = enrol(issued.code)

    assert answer.status_code == 201
    assert_stamped(answer)
    body = answer.json()
    device = Device.objects.get()
    assert body["device"] == {
        "id": str(device.pk),
        "name": "North door 2",
        "gate": device.gate_id,
        "zones": sorted(device.zones.values_list("pk", flat=True)),
        "capabilities": ["scan", "desk"],
        "valid_until_ms": round(device.valid_until.timestamp() * 1000),
    }
    assert body["conference"] == {
        "id": conference.pk,
        "name": {"en": "Sister Cities Conference", "zh": "友好城市大会"},
        "tz": "Asia/Shanghai",
    }
    assert len(body["token"]) == 43
    assert body["token"] not in str(Device.objects.values().get())
    assert issued.code not in str(Device.objects.values().get())


def test_a_code_serves_once(issued):
    enrol(issued.code)
    refused(enrol(issued.code), 403, "enrolment_invalid")


def test_the_same_installation_may_repeat_and_the_former_token_dies(issued):
    install = str(uuid.uuid4())
    first = enrol(issued.code, install).json()
    second = enrol(issued.code, install).json()

    assert first["device"]["id"] == second["device"]["id"]
    assert (
        Client()
        .get(BASE + "clock/", headers={"Authorization": f"Bearer {first['token']}"})
        .status_code
        == 401
    )
    assert (
        Client()
        .get(BASE + "clock/", headers={"Authorization": f"Bearer {second['token']}"})
        .status_code
        == 200
    )


def test_a_code_lives_fifteen_minutes(issued):
    Device.objects.update(enrolment_expires_at=timezone.now())
    refused(enrol(issued.code), 403, "enrolment_invalid")


def test_unknown_codes_and_those_of_revoked_devices_answer_alike(issued, now):
    enrolling_devices.revoke(device=issued.device, now=now)
    revoked, unknown = enrol(issued.code), enrol("x" * 22)
    refused(revoked, 403, "enrolment_invalid")
    assert revoked.content == unknown.content


def test_a_new_code_ends_the_old_one_but_not_the_phone_that_works(issued, now):
    token = enrol(issued.code).json()["token"]
    renewed = enrolling_devices.renew_code(device=issued.device, now=now)

    refused(enrol(issued.code), 403, "enrolment_invalid")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(BASE + "clock/", headers=headers).status_code == 200
    assert enrol(renewed.code).status_code == 201
    assert Client().get(BASE + "clock/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "body", [{"enrolment": "short"}, {"install_id": "me"}, {"app": 1}, {"enrolment": None}]
)
def test_an_enrolment_of_another_shape_is_refused(issued, body):
    refused(enrol(issued.code, **body), 400, "envelope_invalid")


def test_five_enrolments_a_minute_come_from_one_address(db):
    answers = [enrol("x" * 22) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "Retry-After" in answers[5]
