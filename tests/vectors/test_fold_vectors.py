"""The set of scans and who is where: every vector, in every order."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkin.fold import conflict_id, fold_person, local_presence
from checkin.merge import Fact, facts, is_same_scan, merge


def test_a_history_comes_to_what_the_vector_says(history_case, outcome):
    assert outcome(history_case, merge(history_case["deliveries"])) == history_case["expect"]


def test_neither_order_nor_doubles_nor_batches_change_a_history(history_case, outcome):
    chance = random.Random(history_case["name"])
    for _ in range(3):
        deliveries = history_case["deliveries"] * 2
        chance.shuffle(deliveries)
        merged = {}
        while deliveries:
            cut = chance.randint(1, len(deliveries))
            merged = merge(deliveries[:cut], merged)
            deliveries = deliveries[cut:]
        assert outcome(history_case, merged) == history_case["expect"]


def test_a_phones_own_view_is_that_of_the_vector(local_case):
    own = facts(merge(local_case["scans"]).values())
    told = local_presence(local_case["row"], own, local_case["lookup"], local_case["zone"])
    assert told == local_case["expect"]


def test_the_id_of_a_conflict_is_that_of_the_vector(conflict_case):
    kind, scans = conflict_case["kind"], conflict_case["scans"]
    assert conflict_id(kind, scans) == conflict_case["id"]
    assert conflict_id(kind, reversed(scans)) == conflict_case["id"]


@pytest.fixture
def delivery(history_case):
    return history_case["deliveries"][0] if history_case["deliveries"] else None


def test_what_was_shown_and_whether_offline_do_not_make_another_scan(delivery):
    if delivery:
        record, device = delivery["record"], delivery["device"]
        again = {**record, "shown": "refer", "offline": not record["offline"]}
        assert is_same_scan(device, record, device, again)
        assert not is_same_scan(device, record, "another", again)
        assert not is_same_scan(device, record, device, {**record, "wall_ms": 1})


def test_of_two_scans_with_one_id_the_first_stands(delivery):
    if delivery and delivery["quarantine"] is None:
        other = {**delivery, "record": {**delivery["record"], "gate": 99, "shown": "refer"}}
        assert merge([delivery, other]) == merge([delivery])


def test_the_first_arrival_is_told_beside_the_stay():
    folded = fold_person([entry(1, t_ms=5), entry(2, t_ms=9)], ZONE)[1]
    assert (folded.first_in_ms, folded.presence["in_ms"], folded.entries) == (5, 9, 2)


def test_an_annulment_takes_back_only_scans_of_its_own_badge():
    came = entry(1, t_ms=1)
    annulment = replace(entry(2, t_ms=2), verdict="annulled", annuls=came.scan_id)
    assert fold_person([came, annulment], ZONE) == {}
    by_another_issue = replace(annulment, lookup="p2")
    assert fold_person([came, by_another_issue], ZONE) == fold_person([came], ZONE)


ZONE = {1: {"id": 1, "reentry": "after_exit", "resets": [7]}}
DEVICES = ["a", "b"]
LOOKUPS = ["p1", "p2"]


def entry(number, *, t_ms):
    """Return a plain entry into zone 1, which is reset at 7."""
    return Fact(
        scan_id=str(number),
        device="a",
        seq=number,
        lookup="p1",
        gate=1,
        zone=1,
        direction="in",
        t_ms=t_ms,
        uncertain=False,
        verdict="admit",
    )


@st.composite
def deliveries(draw):
    """Deliveries of a few scans of one person; each scan comes judged, shown or both, apart."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        device = draw(st.sampled_from(DEVICES))
        direction = draw(st.sampled_from(["in", "out"]))
        earlier = [past["record"]["scan_id"] for past in made]
        annuls = draw(st.sampled_from([None, None, None, *earlier]))
        passed = "admit" if direction == "in" else "exit_ok"
        shown = "annulled" if annuls else draw(st.sampled_from([passed, "refer", None]))
        decided = None if annuls else draw(st.sampled_from([None, passed, "already_inside"]))
        record = {
            "scan_id": f"scan-{number}",
            "seq": number + 1,
            "via": "qr",
            "lookup": draw(st.sampled_from(LOOKUPS)),
            "unknown_hash": None,
            "gate": draw(st.integers(1, 3)),
            "zone": draw(st.integers(1, 2)),
            "direction": direction,
            "wall_ms": draw(st.integers(0, 12)),
            "boot_id": "boot",
            "mono_ms": draw(st.integers(0, 12)),
            "anchor": draw(
                st.sampled_from([None, {"server_ms": 3, "mono_ms": 2, "boot_id": "boot"}])
            ),
            "cursor": None,
            "offline": False,
            "shown": None,
            "override": None,
            "annuls": annuls,
        }
        if decided or not shown:
            made.append(
                {"device": device, "quarantine": None, "decided": decided, "record": record}
            )
        if shown:
            told = {**record, "shown": shown, "offline": True}
            made.append({"device": device, "quarantine": None, "decided": None, "record": told})
    return made


@settings(max_examples=200)
@given(st.data())
def test_any_order_doubling_and_batching_gives_one_state(outcome, data):
    made = data.draw(deliveries())
    reentry = data.draw(st.sampled_from(["after_exit", "never", "free"]))
    history = {
        "zones": [{"id": zone, "reentry": reentry, "resets": [6]} for zone in (1, 2)],
        "lookups": {
            "p1": {"person": "P", "revoked_ms": None},
            "p2": {"person": "P", "revoked_ms": 5},
        },
        "blocked": {"P": [[4, 8]]},
        "now": 9,
    }
    once = outcome(history, merge(made))
    doubles = data.draw(st.lists(st.sampled_from(made))) if made else []
    coming = data.draw(st.permutations(made + doubles))
    cut = data.draw(st.integers(0, len(coming)))
    assert outcome(history, merge(coming[cut:], merge(coming[:cut]))) == once
    counts = once["counts"]
    assert counts["inside"] <= counts["arrived"] <= 1
