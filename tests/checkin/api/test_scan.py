"""One scan, online: judged by the server, stored once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkin.models import Block, Conflict, Device, Presence, Scan, ZoneGrant
from delegates.models import Accreditation
from delegates.operations import badging
from tests.checkin.conftest import enrolled_phone, lookup_of, make_delegation, make_person


def told(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["verdict"]


def statements(queries):
    return [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK"))
    ]


def test_a_first_scan_admits_and_is_stored_with_its_verdict(phone, person, lookup):
    record = phone.record(lookup)

    answer = phone.post("scan/", {"scan": record, "want_card": False})

    assert answer.json() == {
        "scan_id": record["scan_id"],
        "result": "stored",
        "verdict": {"code": "admit", "admit": True, "params": {}, "also": []},
        "badge": None,
    }
    scan = Scan.objects.get()
    assert (str(scan.pk), scan.decided, scan.shown) == (record["scan_id"], "admit", None)
    presence = Presence.objects.get()
    assert (presence.delegate, presence.inside, presence.entries) == (person, True, 1)
    assert str(presence.in_scan) == record["scan_id"]
    assert presence.first_in_ms == scan.effective_ms == presence.in_ms == presence.at_ms


def test_a_second_scan_says_already_inside_with_when_and_where(phone, other_phone, lookup):
    told(phone.scan(lookup))

    verdict = told(other_phone.scan(lookup))

    assert verdict == {
        "code": "already_inside",
        "admit": False,
        "params": {
            "rule": "anti_passback",
            "since_ms": Presence.objects.get().in_ms,
            "gate": phone.device.gate_id,
        },
        "also": [],
    }
    assert Presence.objects.get().entries == 1


def test_after_an_exit_the_person_may_come_in_again(phone, lookup):
    told(phone.scan(lookup))
    assert told(phone.scan(lookup, direction="out"))["code"] == "exit_ok"
    assert Presence.objects.get().inside is False

    assert told(phone.scan(lookup))["code"] == "admit"
    assert (Presence.objects.get().inside, Presence.objects.get().entries) == (True, 2)


def test_the_same_scan_again_answers_the_stored_verdict(phone, lookup):
    record = phone.record(lookup)
    phone.post("scan/", {"scan": record})

    again = phone.post("scan/", {"scan": record})

    assert again.json()["result"] == "duplicate"
    assert again.json()["verdict"]["code"] == "admit"
    assert Scan.objects.count() == 1


def test_offline_and_shown_do_not_make_it_another_scan_but_the_rest_does(phone, lookup):
    record = phone.record(lookup)
    phone.post("scan/", {"scan": record})

    other = phone.post("scan/", {"scan": record | {"seq": record["seq"] + 1}})

    assert (other.status_code, other.json()["code"]) == (409, "scan_id_reused")
    assert Scan.objects.get().seq == record["seq"]


def test_another_device_may_not_reuse_a_scan_id(phone, other_phone, lookup):
    record = phone.record(lookup)
    phone.post("scan/", {"scan": record})

    other = other_phone.post(
        "scan/", {"scan": other_phone.record(lookup, scan_id=record["scan_id"])}
    )

    assert (other.status_code, other.json()["code"]) == (409, "scan_id_reused")


def test_a_scan_that_was_uploaded_first_is_judged_when_it_arrives_late(phone, lookup):
    record = phone.record(lookup)
    phone.send(record | {"offline": True, "shown": "refer"})

    answer = phone.post("scan/", {"scan": record})

    assert answer.json()["result"] == "duplicate"
    assert answer.json()["verdict"]["code"] == "admit"
    scan = Scan.objects.get()
    assert (scan.shown, scan.decided, scan.verdict) == ("refer", "admit", "refer")


def test_it_is_then_judged_by_all_that_happened_besides(phone, other_phone, lookup):
    told(other_phone.scan(lookup))
    since_ms = Presence.objects.get().in_ms
    record = phone.record(lookup)
    phone.send(record | {"offline": True, "shown": "admit"})

    answer = phone.post("scan/", {"scan": record})

    verdict = told(answer)
    assert (verdict["code"], verdict["params"]["since_ms"]) == ("already_inside", since_ms)
    assert (Scan.objects.get(pk=record["scan_id"]).decided, Presence.objects.get().entries) == (
        "already_inside",
        1,
    )
    assert phone.post("scan/", {"scan": record}).json() == answer.json()


def test_an_exit_that_was_told_first_does_not_hide_the_stay_before_it(phone, other_phone, lookup):
    told(phone.scan(lookup))
    record = other_phone.record(lookup, direction="out")
    other_phone.send(record | {"offline": True, "shown": "exit_ok"})
    assert told(other_phone.post("scan/", {"scan": record}))["code"] == "exit_ok"
    assert Presence.objects.get().inside is False


def test_of_two_gates_the_whole_story_tells_what_does_not_fit(phone, lookup):
    told(phone.scan(lookup, direction="out"))
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.state) == ("exit_without_entry", "open")


def test_unknown_lookups_answer_alike_whoever_they_belong_to(phone, other_conference):
    stranger = make_person(make_delegation(other_conference, "Portland", "波特兰市"))

    nobody = phone.scan("0" * 32, want_card=True)
    other = phone.scan(lookup_of(stranger), want_card=True)

    assert told(nobody) == {
        "code": "unknown",
        "admit": False,
        "params": {"why": "not_found"},
        "also": [],
    }
    assert told(other) == told(nobody)
    assert len(other.content) == len(nobody.content)
    assert other.json()["badge"] is None
    assert list(Scan.objects.values_list("delegate", "badge")) == [(None, None)] * 2


def test_the_rules_of_a_zone_hold(phone, delegation, zones):
    journalist = make_person(delegation, badge_class="press", native_name="李四")
    assert told(phone.scan(lookup_of(journalist)))["code"] == "wrong_zone"

    ZoneGrant.objects.create(zone=zones["Venue"], delegate=journalist)
    assert told(phone.scan(lookup_of(journalist)))["code"] == "admit"


def test_a_zone_opens_and_closes(phone, lookup, zones, now):
    opens = round((now + timedelta(hours=1)).timestamp() * 1000)
    zones["Venue"].windows = [[opens, None]]
    zones["Venue"].save()
    verdict = told(phone.scan(lookup))
    assert (verdict["code"], verdict["params"]) == ("not_yet", {"what": "zone", "from_ms": opens})

    closed = opens - 7_200_000
    zones["Venue"].windows = [[None, closed]]
    zones["Venue"].save()
    verdict = told(phone.scan(lookup))
    assert (verdict["code"], verdict["params"]["until_ms"]) == ("expired", closed)


def test_a_meal_is_eaten_once(phone, lookup, zones):
    lunch = zones["Lunch"].pk
    assert told(phone.scan(lookup, zone=lunch))["code"] == "admit"
    told(phone.scan(lookup, zone=lunch, direction="out"))

    verdict = told(phone.scan(lookup, zone=lunch))

    assert (verdict["code"], verdict["params"]["rule"]) == ("already_inside", "once")


def test_a_free_zone_may_be_entered_again_and_again(phone, lookup, zones):
    hall = zones["Hall"].pk
    codes = [told(phone.scan(lookup, zone=hall))["code"] for _ in range(3)]
    assert codes == ["admit", "admit", "admit"]
    assert Presence.objects.get().entries == 1


def test_after_a_reset_yesterdays_entry_no_longer_counts(phone, lookup, zones, now):
    told(phone.scan(lookup))
    zones["Venue"].resets = [round(now.timestamp() * 1000) + 1]
    zones["Venue"].save()
    Presence.objects.update(in_ms=round(now.timestamp() * 1000) - 1000)

    assert told(phone.scan(lookup))["code"] == "admit"
    assert Presence.objects.get().entries == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("nominated", "unconfirmed"),
        ("submitted", "unconfirmed"),
        ("refused", "revoked"),
        ("withdrawn", "revoked"),
        ("substituted", "revoked"),
    ],
)
def test_who_is_not_approved_does_not_get_in(phone, person, lookup, state, code):
    Accreditation.objects.update(state=state)
    assert told(phone.scan(lookup))["code"] == code
    assert not Presence.objects.exists()


def test_a_replaced_badge_is_revoked_and_the_new_one_is_the_same_person(phone, person, now):
    old = lookup_of(person)
    told(phone.scan(old))
    badging.replace_badge(delegate=person, reason="lost", now=now)

    assert told(phone.scan(old))["code"] == "revoked"
    assert told(phone.scan(old, direction="out"))["code"] == "revoked"
    assert told(phone.scan(lookup_of(person)))["code"] == "already_inside"


def test_a_blocked_person_stays_out_but_may_leave(phone, person, lookup, now):
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    assert told(phone.scan(lookup))["code"] == "blocked"
    exit_ = told(phone.scan(lookup, direction="out"))
    assert (exit_["code"], exit_["params"]) == ("exit_ok", {"alert": "blocked"})


def test_a_block_that_is_over_no_longer_holds(phone, person, lookup, now):
    Block.objects.create(delegate=person, since=now - timedelta(hours=2), until=now)
    assert told(phone.scan(lookup))["code"] == "admit"


def test_blocked_is_stronger_than_revoked(phone, person, now):
    old = lookup_of(person)
    badging.replace_badge(delegate=person, reason="lost", now=now)
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    assert told(phone.scan(old))["code"] == "blocked"


def test_all_reasons_are_named_the_strongest_first(phone, delegation, zones, lookup, now):
    zones["Venue"].windows = [[None, round(now.timestamp() * 1000) - 10]]
    zones["Venue"].open_to.clear()
    zones["Venue"].save()
    verdict = told(phone.scan(lookup))
    assert (verdict["code"], verdict["also"]) == ("wrong_zone", ["expired"])


def test_a_scan_from_before_what_is_known_is_folded_in_its_place(phone, lookup):
    late = phone.record(lookup)
    told(phone.scan(lookup))
    earlier = late | {"mono_ms": late["mono_ms"] - 5_000, "direction": "out"}

    assert told(phone.post("scan/", {"scan": earlier}))["code"] == "exit_ok"

    assert Presence.objects.get().inside is True


def test_the_card_comes_when_it_is_wanted(phone, person, lookup, now):
    answer = phone.scan(lookup, want_card=True)
    badge = answer.json()["badge"]
    assert (badge["lookup"], badge["status"]) == (lookup, "ok")
    assert "Zhang" not in answer.content.decode()

    badging.replace_badge(delegate=person, reason="lost", now=now)
    assert phone.scan(lookup, want_card=True).json()["badge"] == {
        "lookup": lookup,
        "status": "revoked",
        "card": None,
    }


def test_gate_and_zone_belong_together_and_to_the_device(
    phone, other_phone, other_conference, lookup, zones
):
    foreign = other_conference.zones.first().pk
    for members in (
        {"gate": other_phone.device.gate_id},
        {"zone": foreign},
        {"zone": 999_999},
    ):
        answer = phone.scan(lookup, **members)
        assert (answer.status_code, answer.json()["code"]) == (403, "zone_not_served")
    phone.device.zones.remove(zones["Venue"])
    answer = phone.scan(lookup, zone=zones["Venue"].pk)
    assert (answer.status_code, answer.json()["code"]) == (403, "zone_not_served")
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "members",
    [
        {"shown": "admit"},
        {"offline": True},
        {"lookup": None, "unknown_hash": "0" * 32},
        {"unknown_hash": "0" * 32},
        {"lookup": "A" * 32},
        {"scan_id": "018B92B1-AE80-7000-8000-00000000002A"},
        {"scan_id": "2f1b6d0e-8a3c-4e57-9b61-0c4d5e6f7a8b"},
        {"seq": 0},
        {"seq": True},
        {"seq": 2**53},
        {"via": "nfc"},
        {"direction": "up"},
        {"wall_ms": -1},
        {"mono_ms": 1.5},
        {"anchor": {"server_ms": 1}},
        {"cursor": "x" * 201},
        {"annuls": "018b92b1-ae80-7000-8000-00000000002a"},
    ],
)
def test_a_record_that_is_not_plain_is_refused(phone, lookup, members):
    answer = phone.post("scan/", {"scan": phone.record(lookup) | members})
    assert (answer.status_code, answer.json()["code"]) == (400, "scan_invalid")
    assert not Scan.objects.exists()


def test_a_member_that_is_missing_is_refused_and_one_that_is_not_known_ignored(phone, lookup):
    record = phone.record(lookup)
    short = {name: value for name, value in record.items() if name != "cursor"}
    refusal = phone.post("scan/", {"scan": short}).json()
    assert refusal == {"code": "scan_invalid", "detail": "The scan's “cursor” is not valid."}
    assert told(phone.post("scan/", {"scan": record | {"colour": "red"}, "x": 1}))["admit"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"scan":{},"want_card":1}', b"\xff", b'{"scan": NaN}']
)
def test_what_is_not_the_envelope_is_refused(phone, body):
    answer = phone.post("scan/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "envelope_invalid")


def statements_of(phone, record):
    with CaptureQueriesContext(connection) as queries:
        phone.post("scan/", {"scan": record})
    return statements(queries.captured_queries)


def test_a_scan_costs_few_statements_however_much_there_is(phone, delegation, lookup):
    first = 2 if connection.vendor == "postgresql" else 3
    record = phone.record(lookup)
    assert len(statements_of(phone, record)) == first
    assert len(statements_of(phone, record)) == 1, "the same scan again"
    assert len(statements_of(phone, phone.record(lookup))) == 2, "already inside"
    for number in range(3):
        other = make_person(delegation, given_name=f"Other {number}")
        assert len(statements_of(phone, phone.record(lookup_of(other)))) == first
    assert len(statements_of(phone, phone.record("0" * 32))) == 2, "nobody"


def test_a_scan_that_was_told_of_first_costs_no_more_than_three(phone, lookup):
    record = phone.record(lookup)
    phone.send(record | {"offline": True, "shown": "admit"})
    assert len(statements_of(phone, record)) == 3
    assert len(statements_of(phone, record)) == 1


def test_a_sign_of_life_is_written_at_most_every_half_minute(phone, lookup, now):
    Device.objects.update(last_seen_at=now - timedelta(seconds=31))
    written = [len(statements_of(phone, phone.record(lookup, direction="in"))) for _ in range(3)]
    assert written[0] - written[1] in {1, 2}
    assert written[1] == written[2] == 2
    assert Device.objects.get().last_seen_at > now - timedelta(seconds=5)


def test_a_device_of_another_conference_finds_nobody_here(other_conference, lookup):
    stranger = enrolled_phone(other_conference)
    assert told(stranger.scan(lookup))["params"] == {"why": "not_found"}
