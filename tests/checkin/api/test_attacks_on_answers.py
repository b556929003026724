"""Odd questions, and what others own: nothing is told, nothing breaks."""

import json
import uuid

import pytest
from django.utils import timezone

from checkin.models import Device, Scan
from tests.checkin.api.hostile import (
    GETS,
    NOT_THE_SHAPE,
    ODD,
    assert_refused,
    assert_stamped,
    stored,
)
from tests.checkin.conftest import (
    BASE,
    enrolled_phone,
    lookup_of,
    make_delegation,
    make_person,
    uuid7,
)


def test_zones_and_gates_of_another_conference_do_not_exist(attacker, other_conference, lookup):
    elsewhere = {
        "zone": other_conference.zones.get(name_en="Venue").pk,
        "gate": other_conference.gates.get(name_en="North door").pk,
    }
    for name, number in elsewhere.items():
        told = attacker.send(attacker.record(lookup, offline=True, shown="admit", **{name: number}))
        nowhere = attacker.send(
            attacker.record(lookup, offline=True, shown="admit", **{name: 10**9})
        )
        assert told.json()["results"][0]["code"] == "zone_unknown"
        assert nowhere.json()["results"][0]["detail"] == told.json()["results"][0]["detail"]
        assert_refused(attacker.scan(lookup, **{name: number}), 403)
    assert not Scan.objects.exists()


def test_a_lookup_of_another_conference_is_as_unknown_as_any(attacker, other_conference):
    theirs = lookup_of(make_person(make_delegation(other_conference, "Osaka", "大阪市")))
    answers = []
    for lookup in (theirs, "0" * 32, "f" * 32):
        for want_card in (False, True):
            record = attacker.record(lookup, seq=7, wall_ms=1_800_000_000_000)
            answer = attacker.post("scan/", {"scan": record, "want_card": want_card})
            body = answer.json()
            assert body.pop("scan_id") == record["scan_id"]
            answers.append((answer.status_code, len(answer.content), body))
    assert answers[0][2]["verdict"]["code"] == "unknown"
    assert all(each == answers[0] for each in answers)


def test_a_scan_id_of_another_device_tells_nothing_of_it(attacker, other_conference, lookup):
    stranger = enrolled_phone(other_conference)
    theirs = stranger.record("a" * 32, offline=True, shown="admit")
    stranger.send(theirs)
    mine = attacker.record(lookup, scan_id=theirs["scan_id"])
    assert_refused(attacker.post("scan/", {"scan": mine}), 409)
    told = attacker.send(mine | {"offline": True, "shown": "admit"}).json()["results"][0]
    assert told["code"] == "scan_id_reused"
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("first", ["scan/", "scans/"])
def test_one_record_by_either_way_is_one_scan(attacker, lookup, first):
    record = attacker.record(lookup)
    shown = record | {"offline": True, "shown": "admit_provisional"}
    if first == "scan/":
        assert attacker.post("scan/", {"scan": record}).json()["result"] == "stored"
        assert attacker.send(shown).json()["results"][0] == {
            "scan_id": record["scan_id"],
            "result": "duplicate",
            "verdict": "admit_provisional",
            "alerts": [],
        }
    else:
        assert attacker.send(shown).json()["results"][0]["result"] == "stored"
        answer = attacker.post("scan/", {"scan": record}).json()
        assert (answer["result"], answer["verdict"]["code"]) == ("duplicate", "admit")
    scan = Scan.objects.get()
    assert (scan.decided, scan.shown) == ("admit", "admit_provisional")
    again = attacker.post("scan/", {"scan": record}).json()
    assert (again["result"], again["verdict"]["code"]) == ("duplicate", "admit")
    other = record | {"wall_ms": record["wall_ms"] + 1}
    assert_refused(attacker.post("scan/", {"scan": other}), 409)


def test_no_cursor_is_an_error(attacker, person):
    for cursor in ("", "x" * 200, "x" * 100_000, "\x00", "%00", "AQAG", "-1", "NaN", "é", "٣", "'"):
        answer = attacker.get("snapshot/", {"cursor": cursor})
        assert answer.status_code == 200, answer.content
        assert answer.json()["full"] is True
        assert_stamped(answer)


def test_a_cursor_of_another_device_gives_everything(attacker, phone, person):
    cursor = phone.get("snapshot/").json()["cursor"]
    assert attacker.get("snapshot/", {"cursor": cursor}).json()["full"] is True


def test_a_cursor_that_was_changed_gives_everything(attacker, person):
    cursor = attacker.get("snapshot/").json()["cursor"]
    for at in range(len(cursor)):
        other = "A" if cursor[at] != "A" else "B"
        changed = cursor[:at] + other + cursor[at + 1 :]
        answer = attacker.get("snapshot/", {"cursor": changed})
        assert answer.status_code == 200, (changed, answer.content)


def test_odd_words_find_nobody(attacker, person):
    for words in ("%00", "%ED%A0%80", "%FF", "a%00b", "%25%25", "__", "x" * 80, "'--"):
        answer = attacker.client.get(f"{BASE}search/?q={words}", headers=attacker.headers())
        assert answer.status_code in {200, 400}, answer.content
        assert answer.status_code == 400 or answer.json()["results"] == []
        assert_stamped(answer)


def test_two_letters_or_one_han_are_the_least(attacker):
    for words, status in [
        ("", 400), ("a", 400), (" ", 400), ("ab", 200), ("x" * 80, 200), ("x" * 81, 400),
        ("张", 200), ("𠮷", 200), ("〇", 200), ("a ", 400), ("1", 400), ("é", 400), ("あ", 400),
    ]:  # fmt: skip
        assert attacker.get("search/", {"q": words}).status_code == status, words


def test_a_name_that_is_too_long_is_not_called_too_short(attacker):
    short, long = (attacker.get("search/", {"q": q}).json()["detail"] for q in ("x", "x" * 81))
    assert "at least two letters" in short
    assert "at most 80" in long


def test_a_search_without_words_is_refused(attacker):
    assert_refused(attacker.get("search/"), 400)


WALK_IN: dict[str, object] = {
    "name": "Ada LOVELACE",
    "native_name": "",
    "title": {},
    "delegation": None,
    "class": 1,
}


@pytest.mark.parametrize("member", ["walk_in_id", *WALK_IN])
def test_each_member_of_a_walk_in_is_of_its_shape_or_refused(attacker, member):
    for value in ODD:
        before = stored()
        body = {"walk_in_id": uuid7(), **WALK_IN, member: value}
        answer = attacker.post("walk-ins/", body)
        assert answer.status_code in {200, 201, 400, 409}, (value, answer.content[:300])
        assert_stamped(answer)
        if answer.status_code >= 400:
            assert_refused(answer, 400, 409)
            assert stored() == before, value


def test_a_walk_in_has_a_name_that_can_be_seen(attacker, conference):
    for nothing in ("\u200b", "\ufeff\u00ad", "\u202e\u202d", "\x7f\x1b", "\u3000", "\u2067\x85"):
        answer = attacker.post("walk-ins/", {"walk_in_id": uuid7(), **WALK_IN, "name": nothing})
        assert_refused(answer, 400)
    typed = {"name": "Ada\u202e LOVE\u200bLACE\x1b", "title": {"en": "Countess\u2066 of\tnumbers"}}
    answer = attacker.post("walk-ins/", {"walk_in_id": uuid7(), **WALK_IN, **typed})
    assert answer.status_code == 201, answer.content
    ada = conference.delegates.get()
    assert (ada.display_name, ada.title_en) == ("Ada LOVELACE", "Countess of numbers")


@pytest.mark.parametrize("member", ["enrolment", "install_id", "app"])
def test_each_member_of_an_enrolment_is_of_its_shape_or_refused(attacker, member):
    good = {"enrolment": "x" * 22, "install_id": str(uuid.uuid4()), "app": "1.0.0"}
    devices = Device.objects.count()
    for value in ODD:
        cache_free = attacker.client.post(
            BASE + "enrolments/",
            json.dumps({**good, member: value}),
            content_type="application/json",
            REMOTE_ADDR="192.0.2.1",
        )
        assert_refused(cache_free, 400, 403)
    assert Device.objects.count() == devices


def test_a_revoked_phone_hears_it_whatever_it_sends(attacker):
    Device.objects.update(revoked_at=timezone.now())
    for address in ("scan/", "scans/", "walk-ins/"):
        for body in NOT_THE_SHAPE.values():
            assert_refused(attacker.post(address, body), 410)
        assert_refused(attacker.post(address, b" " * (2**20 + 1)), 410)
        assert_refused(attacker.post(address, b"{}", content_type="text/plain"), 410)
    for address in GETS:
        assert_refused(attacker.get(address), 410)
