"""Scan records of every odd shape: refused by item, or stored because the page allows it."""

import gzip
import json

import pytest
from django.utils import timezone

from checkin.models import Device, HeldScan, Scan
from tests.checkin.api.hostile import (
    MEMBERS,
    NOT_THE_SHAPE,
    ODD,
    assert_refused,
    assert_stamped,
    is_record,
    stored,
)
from tests.checkin.conftest import uuid7


@pytest.mark.parametrize(
    ("address", "stored_as"), [("scans/", "stored"), ("scans/quarantine/", "quarantined")]
)
@pytest.mark.parametrize("member", MEMBERS)
def test_each_member_of_a_record_is_of_its_shape_or_refused(
    attacker, lookup, member, address, stored_as
):
    """The page decides which values are good; a zone or gate of good shape may yet be unknown."""
    if address == "scans/quarantine/":
        Device.objects.update(revoked_at=timezone.now())
    good = attacker.record(lookup, offline=True, shown="admit")
    records = [{**good, "scan_id": uuid7(), member: value} for value in ODD]
    missing = {name: value for name, value in good.items() if name != member}
    answer = attacker.post(address, {"scans": [*records, missing]})
    assert answer.status_code == 200, answer.content
    *told, last = answer.json()["results"]

    assert (last["result"], last["code"]) == ("invalid", "field_invalid")
    wrong = []
    for record, result in zip(records, told, strict=True):
        known = record["gate"] == good["gate"] and record["zone"] == good["zone"]
        if not is_record(record):
            expected = "field_invalid"
        else:
            expected = stored_as if known else "zone_unknown"
        if result.get("code", result["result"]) != expected:
            wrong.append((record[member], expected, result))
    assert wrong == []
    kept = Scan.objects.count() + HeldScan.objects.count()
    assert kept == sum(each["result"] == stored_as for each in told)


def test_a_revoked_phone_is_heard_as_strictly_as_any(attacker):
    Device.objects.update(revoked_at=timezone.now())
    for body in NOT_THE_SHAPE.values():
        assert_refused(attacker.post("scans/quarantine/", body), 400)
    assert_refused(attacker.post("scans/quarantine/", {"scans": [1] * 201}), 413)
    assert_refused(attacker.post("scans/quarantine/", b"{}", content_type="text/plain"), 415)
    assert_refused(attacker.get("scans/quarantine/"), 405)
    bomb = gzip.compress(b" " * 2**21)
    zipped = {"Content-Encoding": "gzip"}
    assert_refused(attacker.post("scans/quarantine/", bomb, **zipped), 413)
    assert attacker.post("scans/quarantine/", {"scans": []}).json() == {"results": []}
    whole = gzip.compress(b'{"scans":[]}')
    assert attacker.post("scans/quarantine/", whole, **zipped).json() == {"results": []}


@pytest.mark.parametrize("member", MEMBERS)
def test_each_member_of_a_plain_scan_is_of_its_shape_or_refused(attacker, lookup, member):
    good = attacker.record(lookup)
    wrong = []
    for value in ODD:
        record = {**good, "scan_id": uuid7(), member: value}
        before = stored()
        answer = attacker.post("scan/", {"scan": record})
        # A plain scan is one that was not shown yet.
        is_good = is_record({**record, "shown": record["shown"] or "admit"}) and (
            record["lookup"] is not None
            and record["shown"] is None
            and record["override"] is None
            and record["annuls"] is None
            and record["offline"] is False
        )
        is_here = (record["gate"], record["zone"]) == (good["gate"], good["zone"])
        expected = 400 if not is_good else 200 if is_here else 403
        if answer.status_code != expected:
            wrong.append((value, expected, answer.status_code, answer.content))
        if answer.status_code != 200:
            assert_refused(answer, 400, 403)
            assert stored() == before
    assert wrong == []


def test_members_that_nobody_knows_are_ignored(attacker, lookup):
    record = attacker.record(lookup, offline=True, shown="admit", of_tomorrow={"x": [1]})
    record["anchor"]["of_tomorrow"] = None
    told = attacker.post("scans/", {"scans": [record], "of_tomorrow": 1, "status": {"x": []}})
    assert told.json()["results"][0]["result"] == "stored"
    plain = {key: value for key, value in record.items() if key != "of_tomorrow"}
    plain["anchor"] = {k: v for k, v in record["anchor"].items() if k != "of_tomorrow"}
    again = attacker.post("scans/", {"scans": [plain]})
    assert again.json()["results"][0]["result"] == "duplicate"


@pytest.mark.parametrize("member", ["queued", "battery", "wall_ms", "cursor", "app"])
def test_an_odd_status_breaks_nothing(attacker, member):
    for value in ODD:
        answer = attacker.post("scans/", {"scans": [], "status": {member: value}})
        assert answer.status_code in {200, 400}
        assert_stamped(answer)


def test_two_hundred_scans_are_the_most(attacker):
    assert attacker.post("scans/", {"scans": [1] * 200}).status_code == 200
    assert_refused(attacker.post("scans/", {"scans": [1] * 201}), 413)


def test_of_two_members_with_one_name_no_harm_comes(attacker, lookup):
    record = json.dumps(attacker.record(lookup, offline=True, shown="admit"))
    doubled = f'{{"scans":[{record[:-1]},"seq":"x"}}]}}'
    told = attacker.post("scans/", doubled.encode()).json()["results"]
    assert told[0]["result"] in {"stored", "invalid"}
