"""The reference client against the running server: a shift at the door."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from checkin.models import Conflict, Presence, Scan
from checkin.operations import supervising
from docs.cp1_client.client import Locked
from docs.cp1_client.door import Door
from docs.cp1_client.outbox import upload
from tests.checkin.api.conftest import shown, text_of
from tests.checkin.conftest import lookup_of, make_person

ROOT = Path(__file__).resolve().parents[3]


def test_a_shift_offline_reaches_the_board(enrol, text, delegation, line):
    north, south = enrol(), enrol("South door")
    other = text_of(make_person(delegation, given_name="Li", family_name="Na"))
    north.refresh()

    door = Door(north)
    seen = door.scan(text, online=False)
    assert shown(seen) == ("admit", "phone")
    assert seen.card["name"] == "Wei Zhang"
    assert seen.card["title"] == {"en": "Mayor", "zh": "市长"}
    assert shown(door.scan(text, online=False)) == ("already_inside", "phone")
    assert shown(door.scan(text, direction="out", online=False)) == ("exit_ok", "phone")
    assert shown(door.scan(text, online=False)) == ("admit", "phone")
    assert shown(door.scan(other, online=False)) == ("admit", "phone")
    assert shown(door.scan("https://example.org/", online=False)) == ("unknown", "phone")
    assert Scan.objects.count() == 0

    assert upload(north) == {"stored": 6}
    assert north.store.queue() == []
    assert Scan.objects.count() == 6
    board = north.board()
    assert (board["expected"], board["arrived"], board["inside"]) == (2, 2, 2)
    zone = next(each for each in board["zones"] if each["zone"] == door.zone["id"])
    assert zone == {"zone": door.zone["id"], "arrived": 2, "inside": 2, "entries": 3}

    south.refresh()
    assert shown(Door(south).scan(text, online=False)) == ("already_inside", "phone")


def test_online_the_server_judges_and_the_phone_remembers(enrol, text):
    client = enrol()
    door = Door(client)
    assert shown(door.scan(text)) == ("admit", "server")
    assert shown(door.scan(text)) == ("already_inside", "server")
    assert shown(door.scan(text, online=False)) == ("already_inside", "phone")
    assert [scan["fate"] for scan in client.store.state.scans] == ["online", "online", "queued"]
    assert [scan.decided for scan in Scan.objects.order_by("seq")] == ["admit", "already_inside"]


def test_a_badge_of_tomorrow_is_known_to_the_server_only(enrol, delegation, person):
    client = enrol()
    late = text_of(make_person(delegation, given_name="Li", family_name="Na"))
    door = Door(client)
    assert shown(door.scan(late, online=False)) == ("refer", "phone")
    seen = door.scan(late)
    assert shown(seen) == ("admit", "server")
    assert seen.card["name"] == "Li Na"


def test_a_snapshot_that_is_known_is_not_sent_again(enrol, delegation):
    client = enrol()
    assert client.refresh() == "unchanged"
    late = make_person(delegation, given_name="Li", family_name="Na")
    assert client.refresh() in {"delta", "full"}
    assert client.store.snapshot["badges"][lookup_of(late)]["status"] == "ok"
    assert client.refresh() == "unchanged"


def test_a_supervisor_lets_a_repeat_pass_by_the_pin(enrol, text, conference):
    now = timezone.now()
    told = supervising.add_supervisor(
        conference=conference, name="Olga Chief", pin="480915", now=now
    )
    client = enrol(capabilities=("scan", "override"))
    door = Door(client)
    door.scan(text)
    again = door.scan(text, online=False)
    assert shown(again) == ("already_inside", "phone")
    how = {"supervisor": told.pk, "reason": "forgot_exit", "note": "knows the way"}
    with pytest.raises(Locked, match="PIN"):
        door.override(again.scan_id, pin="480916", **how)
    assert shown(door.override(again.scan_id, pin="480915", **how)) == ("override_admit", "phone")

    assert upload(client) == {"stored": 2}
    scan = Scan.objects.get(shown="override_admit")
    assert scan.override == {
        "by": told.pk,
        "reason": "forgot_exit",
        "note": "knows the way",
        "codes": ["already_inside"],
    }
    assert not Conflict.objects.exists(), "a repeat that was waved through is forgiven"
    blocked = door.scan("https://example.org/")
    with pytest.raises(Locked, match="cannot be overridden"):
        door.override(blocked.scan_id, pin="480915", **how)


def test_an_override_without_the_capability_is_told_and_stored(enrol, text):
    client = enrol()
    record = Door(client).scan(text, online=False)
    (scan,) = client.store.queue()
    told = {"by": 1, "reason": "other", "note": "", "codes": ["already_inside"]}
    scan["record"] |= {"shown": "override_admit", "override": told}
    assert upload(client) == {"stored": 1}
    assert client.store.state.scans[0]["alerts"] == ["override_without_capability"]
    assert str(Scan.objects.get().pk) == record.scan_id


def test_a_slip_is_taken_back(enrol, text):
    client = enrol()
    door = Door(client)
    door.scan(text)
    left = door.scan(text, direction="out")
    assert shown(door.annul(left.scan_id)) == ("annulled", "phone")
    assert upload(client) == {"stored": 1}
    presence = Presence.objects.get()
    assert presence.inside
    assert str(presence.at_scan) == client.store.state.scans[0]["record"]["scan_id"]
    assert shown(door.scan(text, online=False)) == ("already_inside", "phone")


def test_what_offline_phones_did_not_know_of_each_other_is_a_conflict(enrol, text):
    north, south = enrol(), enrol("South door")
    first = Door(north).scan(text, online=False)
    second = Door(south).scan(text, online=False)
    assert (shown(first), shown(second)) == (("admit", "phone"),) * 2
    assert upload(south) == {"stored": 1}
    assert upload(north) == {"stored": 1}
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.scans) == (
        "double_entry",
        sorted([first.scan_id, second.scan_id]),
    )
    assert north.store.state.scans[0]["alerts"] == ["double_entry"]


def test_the_desk_finds_people_and_enters_them_without_a_badge(enrol, person, text):
    client = enrol(capabilities=("scan", "desk"))
    (found,) = client.search("zhang wei")["results"]
    assert found["lookup"] == lookup_of(person)
    assert client.search("张")["results"] == [found]
    door = Door(client)
    assert shown(door.scan_lookup(found["lookup"])) == ("admit", "server")
    assert Scan.objects.get().via == "desk"
    (found,) = client.search("zhang")["results"]
    assert found["inside"] == [door.zone["id"]]


def test_a_walk_in_enters_at_once_even_offline(enrol, line, conference):
    client = enrol(capabilities=("scan", "desk"), sleep=lambda _: None)
    line.faults.append("lost")
    told = client.walk_in({"name": "Ada Lovelace", "class": 1})
    assert conference.delegates.count() == 1
    seen = Door(client).scan(told["qr"], online=False)
    assert shown(seen) == ("admit", "phone")
    assert seen.card["class"] == 1
    assert upload(client) == {"stored": 1}
    assert Presence.objects.get().inside


def test_the_clock_is_the_servers(enrol):
    client = enrol()
    assert abs(client.server_ms() - time.time() * 1000) < 5_000
    assert abs(client.clock.anchor["server_ms"] - time.time() * 1000) < 5_000


def run(state, *arguments):
    """Run the command line; give its exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "docs.cp1_client", "--state", state, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_the_command_line_does_a_shift(line, issue, text, tmp_path):
    state = str(tmp_path / "door.json")
    status, device = run(state, "enrol", f"{line.url}/checkin/#e={issue()}")
    assert (status, device["capabilities"]) == (0, ["scan"])
    status, told = run(state, "snapshot")
    assert (status, told["snapshot"], told["badges"]) == (0, "full", 1)
    status, told = run(state, "scan", text, "--offline")
    assert (status, told["verdict"]["code"]) == (0, "admit")
    status, told = run(state, "scan", text, "--offline")
    assert (status, told["verdict"]["code"]) == (1, "already_inside")
    status, told = run(state, "sync")
    assert (status, told["uploaded"], told["queued"]) == (0, {"stored": 2}, 0)
    assert [scan.uncertain for scan in Scan.objects.all()] == [False, False]
    status, told = run(state, "search", "zhang")
    assert status == 2
    assert told.startswith("Refusal: 403 capability_missing")
