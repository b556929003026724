"""Uploads: each record by itself; what the guard saw stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkin.models import Conflict, Device, Presence, Scan
from checkin.operations import admitting, storing
from tests.checkin.conftest import lookup_of, make_person, uuid7


def offline(phone, lookup, shown="admit", **members):
    return phone.record(lookup, offline=True, shown=shown, **members)


def results(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_what_a_phone_judged_is_stored_and_moves_people(phone, person, lookup):
    record = offline(phone, lookup)
    assert results(phone.send(record)) == [
        {"scan_id": record["scan_id"], "result": "stored", "verdict": "admit", "alerts": []}
    ]
    scan, presence = Scan.objects.get(), Presence.objects.get()
    assert (scan.shown, scan.decided, scan.offline) == ("admit", None, True)
    assert (presence.delegate, presence.inside, str(presence.in_scan)) == (
        person,
        True,
        record["scan_id"],
    )


def test_a_record_that_comes_twice_is_a_duplicate(phone, lookup):
    record = offline(phone, lookup)
    phone.send(record)
    assert [each["result"] for each in results(phone.send(record, record))] == ["duplicate"] * 2
    assert Scan.objects.count() == 1


def test_a_later_upload_fills_what_the_guard_saw_once(phone, lookup):
    record = phone.record(lookup)
    phone.post("scan/", {"scan": record})
    told = results(phone.send(record | {"offline": True, "shown": "refer"}))
    assert (told[0]["result"], told[0]["verdict"]) == ("duplicate", "refer")
    scan = Scan.objects.get()
    assert (scan.decided, scan.shown, scan.offline) == ("admit", "refer", False)
    assert Presence.objects.get().at_scan is None, "nobody was let in after all"

    phone.send(record | {"offline": True, "shown": "admit"})
    assert Scan.objects.get().shown == "refer"


def test_items_do_not_depend_on_each_other(phone, other_phone, delegation, lookup):
    good = offline(phone, lookup)
    reused = offline(phone, lookup, scan_id=uuid7())
    other_phone.send(offline(other_phone, lookup, scan_id=reused["scan_id"]))
    broken = offline(phone, lookup) | {"seq": -1}
    nameless = {"scan_id": "x"}
    elsewhere = offline(phone, lookup, zone=999_999)

    told = results(phone.send(good, reused, broken, nameless, elsewhere, "x"))

    assert [(each["result"], each.get("code")) for each in told] == [
        ("stored", None),
        ("invalid", "scan_id_reused"),
        ("invalid", "field_invalid"),
        ("invalid", "field_invalid"),
        ("invalid", "zone_unknown"),
        ("invalid", "field_invalid"),
    ]
    assert [each["scan_id"] for each in told] == [
        good["scan_id"],
        reused["scan_id"],
        broken["scan_id"],
        None,
        elsewhere["scan_id"],
        None,
    ]
    assert all(each["detail"] for each in told[1:])


@pytest.mark.parametrize("text", ["a\0b", "\ud83d"])
def test_a_text_that_no_database_keeps_does_not_stop_the_others(phone, lookup, text):
    override = {"by": 1, "reason": "other", "note": text, "codes": []}
    torn = offline(phone, lookup, "override_admit", override=override)
    told = results(phone.send(torn, offline(phone, lookup, cursor=text), offline(phone, lookup)))
    assert [each.get("code") for each in told] == ["field_invalid", "field_invalid", None]


def test_what_was_shown_is_never_missing_here(phone, lookup):
    assert results(phone.send(phone.record(lookup)))[0]["code"] == "field_invalid"


def test_a_zone_and_gate_that_are_not_the_devices_are_stored_all_the_same(
    phone, other_phone, lookup, zones
):
    phone.device.zones.clear()
    record = offline(other_phone, lookup, gate=other_phone.device.gate_id, zone=zones["Hall"].pk)
    assert results(phone.send(record))[0]["result"] == "stored"


def test_zones_of_another_conference_do_not_exist(phone, lookup, other_conference):
    record = offline(phone, lookup, zone=other_conference.zones.first().pk)
    assert results(phone.send(record))[0]["code"] == "zone_unknown"


def test_texts_that_are_no_badge_are_stored_and_count_for_nothing(phone):
    record = offline(phone, None, "unknown", unknown_hash="0" * 32)
    assert results(phone.send(record))[0] == {
        "scan_id": record["scan_id"],
        "result": "stored",
        "verdict": "unknown",
        "alerts": [],
    }
    assert not Presence.objects.exists()


def test_two_entries_without_an_exit_raise_one_conflict_once(phone, other_phone, lookup):
    first = offline(phone, lookup)
    second = offline(other_phone, lookup, mono_ms=first["mono_ms"] + 5_000)
    phone.send(first)

    told = results(other_phone.send(second))
    other_phone.send(second)

    assert told[0]["alerts"] == ["double_entry"]
    assert Conflict.objects.get().scans == sorted([first["scan_id"], second["scan_id"]])


def test_a_late_exit_makes_the_conflict_moot(phone, other_phone, lookup):
    first = offline(phone, lookup)
    second = offline(other_phone, lookup, mono_ms=first["mono_ms"] + 5_000)
    phone.send(first)
    other_phone.send(second)

    phone.send(offline(phone, lookup, "exit_ok", direction="out", mono_ms=first["mono_ms"] + 2_000))

    assert Conflict.objects.get().state == "moot"
    assert Presence.objects.get().entries == 2


def test_an_annulment_takes_its_own_scan_back(phone, lookup):
    entry = offline(phone, lookup)
    phone.send(entry)
    phone.send(offline(phone, lookup, "annulled", annuls=entry["scan_id"]))
    presence = Presence.objects.get()
    assert (presence.inside, presence.entries, presence.first_in_ms) == (False, 0, None)


def test_an_override_by_a_device_without_the_capability_is_stored_and_told(phone, lookup):
    record = offline(
        phone,
        lookup,
        "override_admit",
        override={"by": 1, "reason": "forgot_exit", "note": "", "codes": ["already_inside"]},
    )
    told = results(phone.send(record))[0]
    assert (told["result"], told["alerts"]) == ("stored", ["override_without_capability"])


def test_an_override_of_a_reason_that_only_a_later_version_knows_is_stored(phone, lookup):
    codes = ["wrong_zone", "of_a_later_version"]
    told = {"by": 1, "reason": "other", "note": "", "codes": codes}
    assert results(phone.send(offline(phone, lookup, "override_admit", override=told)))
    assert Scan.objects.get().override["codes"] == codes
    assert Presence.objects.get().inside


@pytest.mark.parametrize(
    "members",
    [
        {"shown": "override_admit"},
        {"override": {"by": 1, "reason": "x", "note": "", "codes": []}},
        {"shown": "annulled"},
        {"annuls": "018b92b1-ae80-7000-8000-00000000002a"},
    ],
)
def test_overrides_and_annulments_say_so_in_both_members(phone, lookup, members):
    record = offline(phone, lookup) | members
    assert results(phone.send(record))[0]["code"] == "field_invalid"


def test_any_order_of_uploads_comes_to_the_same(phone, other_phone, delegation):
    def day(person):
        lookup = lookup_of(person)
        base = phone.record(lookup)["mono_ms"]
        return [
            offline(phone, lookup, mono_ms=base),
            offline(phone, lookup, "exit_ok", direction="out", mono_ms=base + 1_000),
            offline(phone, lookup, mono_ms=base + 2_000),
            offline(phone, lookup, "already_inside", mono_ms=base + 3_000),
        ]

    forwards = make_person(delegation, given_name="Forwards")
    backwards = make_person(delegation, given_name="Backwards")
    phone.send(*day(forwards))
    for record in reversed(day(backwards)):
        phone.send(record)

    def state(person):
        row = Presence.objects.get(delegate=person)
        return row.inside, row.entries, row.at_ms == row.in_ms

    assert state(forwards) == state(backwards) == (True, 2, True)


def test_an_online_scan_after_an_upload_knows_of_it(phone, other_phone, lookup, now):
    phone.send(offline(phone, lookup))
    judged = admitting.judge_scan(
        device=other_phone.device, record=other_phone.record(lookup), now=now
    )
    assert judged.verdict.code == "already_inside"


def test_an_empty_upload_is_a_sign_of_life(phone):
    answer = phone.send(
        status={"queued": 3, "battery": 71, "wall_ms": 0, "cursor": "x", "app": "1.0.0", "new": 1}
    )
    assert answer.json() == {"results": []}
    device = Device.objects.get()
    assert (device.queued, device.battery) == (3, 71)
    assert device.clock_offset_ms < -1_000_000


def test_what_the_answer_names_does_not_wait_on_the_phone_any_more(phone, lookup):
    record = offline(phone, lookup)
    broken = {**offline(phone, lookup), "direction": "up"}
    unreadable = {**record, "scan_id": "?"}
    phone.send(record, broken, unreadable, status={"queued": 5})
    # One was stored, one goes to the list of refused ones, the third was not recognised.
    assert Device.objects.get().queued == 3
    phone.send(record, status={"queued": 0})
    assert Device.objects.get().queued == 0


@pytest.mark.parametrize("body", [{}, {"scans": {}}, {"scans": [], "status": []}])
def test_an_upload_of_another_shape_is_refused(phone, body):
    answer = phone.post("scans/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "envelope_invalid")


def test_more_than_two_hundred_are_too_many(phone):
    answer = phone.send(*([{}] * 201))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def statements_of(phone, *records):
    with CaptureQueriesContext(connection) as queries:
        results(phone.send(*records))
    return len(queries.captured_queries)


def test_an_upload_costs_the_same_statements_however_many_scans_it_brings(
    phone, delegation, lookup
):
    people = [lookup_of(make_person(delegation, given_name=f"Wei {n}")) for n in range(40)]

    def batch(count, **members):
        return [offline(phone, each, **members) for each in people[:count]]

    phone.send(offline(phone, lookup))
    assert statements_of(phone, *batch(2)) == statements_of(phone, *batch(40)[2:]) <= 30
    again = [
        batch(2, direction="out", shown="exit_ok"),
        batch(40, direction="out", shown="exit_ok"),
    ]
    assert statements_of(phone, *again[0]) == statements_of(phone, *again[1][2:]) <= 30
    few = statements_of(phone, *again[0])
    assert few == statements_of(phone, *again[1][2:]) <= 30, "repeats"


def test_what_was_told_first_stands_for_many_at_once(phone, delegation):
    lookups = [lookup_of(make_person(delegation, given_name=f"Wei {n}")) for n in range(4)]
    records = [phone.record(each) for each in lookups]
    for record in records:
        phone.post("scan/", {"scan": record})
    phone.send(records[0] | {"offline": True, "shown": "expired"})

    told = results(
        phone.send(
            *(record | {"offline": True, "shown": "refer"} for record in records),
            records[1] | {"offline": True, "shown": "blocked"},
            records[2] | {"seq": 99, "offline": True, "shown": "refer"},
        )
    )

    assert [(each["result"], each.get("verdict")) for each in told] == [
        ("duplicate", "expired"),
        ("duplicate", "refer"),
        ("duplicate", "refer"),
        ("duplicate", "refer"),
        ("duplicate", "refer"),
        ("invalid", None),
    ]
    shown = dict(Scan.objects.values_list("seq", "shown"))
    assert [shown[record["seq"]] for record in records] == ["expired", "refer", "refer", "refer"]


def test_a_scan_that_the_database_will_not_keep_harms_no_other(phone, lookup, monkeypatch):
    honest = storing.row_of

    def against_a_constraint(record, **facts):
        row = honest(record, **facts)
        return row | {"direction": "up"} if record["seq"] == 2 else row

    monkeypatch.setattr(storing, "row_of", against_a_constraint)
    records = [offline(phone, lookup) for _ in range(3)]

    told = results(phone.send(*records))

    assert [(each["result"], each.get("code")) for each in told] == [
        ("stored", None),
        ("invalid", "field_invalid"),
        ("stored", None),
    ]
    assert Scan.objects.count() == 2
