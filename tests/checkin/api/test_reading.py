"""What devices read: the snapshot, people by name, the board; and the description of it all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkin.models import Block, Presence
from delegates.documents import badge_card, badge_keys
from delegates.models import Accreditation, CredentialAuthority
from delegates.operations import badging
from tests.checkin.conftest import lookup_of, make_delegation, make_person


def secret_of(person):
    authority = CredentialAuthority.objects.get(conference=person.conference)
    issue = person.badges.get(revoked_at=None).issue
    return badge_keys.badge_secret(bytes(authority.secret), person.uid, issue)


def test_the_first_snapshot_is_whole(phone, person, lookup, zones, conference):
    phone.scan(lookup)
    answer = phone.get("snapshot/")
    body = answer.json()

    assert answer["ETag"] == f'"{body["cursor"]}"'
    assert (body["full"], body["gone"], body["poll_s"]) == (True, [], 30)
    assert [zone["id"] for zone in body["rules"]["zones"]] == [
        zones[name].pk for name in ("Venue", "Lunch", "Hall")
    ]
    assert body["rules"]["zones"][0]["open_to"] == [1]
    assert body["rules"]["delegations"] == [
        {"id": person.delegation_id, "name": {"en": "Suzhou", "zh": "苏州市"}}
    ]
    assert body["rules"]["keys"][0]["key_id"] == 1
    assert "private" not in answer.content.decode()
    presence = Presence.objects.get()
    assert body["presence"] == [
        {
            "lookup": lookup,
            "zone": zones["Venue"].pk,
            "inside": True,
            "in_ms": presence.in_ms,
            "in_scan": str(presence.in_scan),
            "gate": phone.device.gate_id,
            "at_ms": presence.at_ms,
            "at_scan": str(presence.at_scan),
        }
    ]


def test_a_card_opens_with_its_badge_and_tells_no_more_than_it_must(phone, person, lookup):
    row = phone.get("snapshot/").json()["badges"][0]
    assert (row["lookup"], row["status"]) == (lookup, "ok")
    assert badge_card.open_card(row["card"], secret_of(person)) == {
        "name": "Wei Zhang",
        "native_name": "张伟",
        "delegation": person.delegation_id,
        "title": {"en": "Mayor", "zh": "市长"},
        "class": 1,
    }
    assert badge_card.open_card(row["card"], bytes(16)) is None


def test_statuses_and_replaced_issues_are_listed(phone, person, delegation, now):
    old = lookup_of(person)
    badging.replace_badge(delegate=person, reason="lost", now=now)
    waiting = make_person(delegation, given_name="Waiting")
    Accreditation.objects.filter(delegate=waiting).update(state="submitted")
    blocked = make_person(delegation, given_name="Blocked")
    Block.objects.create(delegate=blocked, since=now)

    rows = {row["lookup"]: row for row in phone.get("snapshot/").json()["badges"]}

    assert rows[old] == {"lookup": old, "status": "revoked", "card": None}
    assert rows[lookup_of(person)]["status"] == "ok"
    assert rows[lookup_of(waiting)]["status"] == "unconfirmed"
    assert rows[lookup_of(blocked)]["status"] == "blocked"


def test_supervisors_are_told_to_devices_that_may_override_only(phone):
    assert "supervisors" not in phone.get("snapshot/").json()["rules"]


def test_the_snapshot_of_another_conference_is_another(phone, other_conference, lookup):
    stranger = make_person(make_delegation(other_conference, "Portland", "波特兰市"))
    text = phone.get("snapshot/").content.decode()
    assert lookup_of(stranger) not in text
    assert "Portland" not in text


def test_a_snapshot_costs_the_same_for_one_and_for_three(phone, delegation, lookup):
    def queries_after(count):
        for number in range(count):
            other = make_delegation(delegation.conference, f"City {count}.{number}", "城市")
            phone.scan(lookup_of(make_person(other)))
        with CaptureQueriesContext(connection) as captured:
            phone.get("snapshot/")
        return len(captured)

    phone.scan(lookup)
    queries_after(0)  # from now on the badges are kept
    assert queries_after(1) == queries_after(3)


@pytest.mark.parametrize("q", ["zhang", "ZHANG wei", "Wei Zhang", "张", "张伟", "伟", "ang ei"])
def test_people_are_found_by_any_order_of_their_names(desk_phone, person, lookup, zones, q):
    desk_phone.scan(lookup)
    assert desk_phone.get("search/", {"q": q}).json() == {
        "results": [
            {
                "lookup": lookup,
                "name": "Wei Zhang",
                "native_name": "张伟",
                "delegation": person.delegation_id,
                "title": {"en": "Mayor", "zh": "市长"},
                "class": 1,
                "status": "ok",
                "inside": [zones["Venue"].pk],
            }
        ],
        "more": False,
    }


@pytest.mark.parametrize("q", ["", "z", " z ", "x" * 81, "zh\0ang"])
def test_a_question_must_be_one_that_can_be_asked(desk_phone, q):
    answer = desk_phone.get("search/", {"q": q})
    assert (answer.status_code, answer.json()["code"]) == (400, "envelope_invalid")


def test_nobody_else_is_found(desk_phone, person, other_conference, now):
    make_person(make_delegation(other_conference, "Portland", "波特兰市"))
    badging.revoke_badge(delegate=person, reason="left", now=now)
    assert desk_phone.get("search/", {"q": "zhang"}).json() == {"results": [], "more": False}


def test_twenty_are_shown_and_more_are_told(desk_phone, delegation):
    for number in range(21):
        make_person(delegation, given_name=f"Wei {number}")
    body = desk_phone.get("search/", {"q": "zhang"}).json()
    assert (len(body["results"]), body["more"]) == (20, True)


def test_a_scan_of_somebody_found_goes_by_the_desk(desk_phone, lookup):
    found = desk_phone.get("search/", {"q": "zhang"}).json()["results"][0]
    answer = desk_phone.scan(found["lookup"], via="desk")
    assert answer.json()["verdict"]["code"] == "admit"


def test_the_board_counts_persons(phone, other_phone, delegation, lookup, zones):
    make_person(delegation, given_name="Absent")
    phone.scan(lookup)
    other_phone.scan(lookup, zone=zones["Hall"].pk)
    phone.scan("0" * 32)

    body = phone.get("board/").json()

    assert {name: body[name] for name in ("expected", "arrived", "inside", "unidentified")} == {
        "expected": 2,
        "arrived": 1,
        "inside": 1,
        "unidentified": 0,
    }
    assert body["zones"] == [
        {"zone": zones["Venue"].pk, "arrived": 1, "inside": 1, "entries": 1},
        {"zone": zones["Lunch"].pk, "arrived": 0, "inside": 0, "entries": 0},
        {"zone": zones["Hall"].pk, "arrived": 1, "inside": 1, "entries": 1},
    ]
    assert body["delegations"] == [{"delegation": delegation.pk, "expected": 2, "arrived": 1}]


def test_a_board_without_news_is_not_sent_again(phone, lookup):
    etag = phone.get("board/")["ETag"]
    assert phone.get("board/", **{"If-None-Match": etag}).status_code == 304


def test_every_address_is_described_with_examples_and_its_token(client, db):
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    assert schema["components"]["securitySchemes"]["deviceToken"]["scheme"] == "bearer"
    described = {
        path.removeprefix("/api/v1/checkin/"): operations
        for path, operations in schema["paths"].items()
        if path.startswith("/api/v1/checkin/")
    }
    assert set(described) == {
        "enrolments/",
        "scan/",
        "scans/",
        "scans/quarantine/",
        "snapshot/",
        "search/",
        "clock/",
        "board/",
        "walk-ins/",
        "substitutions/",
        "badges/print/",
    }
    for path, operations in described.items():
        for operation in operations.values():
            good = operation["responses"].get("200") or operation["responses"]["201"]
            if path == "badges/print/":
                assert set(good["content"]) == {"application/pdf", "image/svg+xml"}
            else:
                assert good["content"]["application/json"]["examples"], path
            expected = [] if path == "enrolments/" else [{"deviceToken": []}]
            assert operation.get("security", []) in (expected, [{}]), path
            assert "429" in operation["responses"]
