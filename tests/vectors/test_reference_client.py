"""The reference client, a third opinion: every vector, and whatever hypothesis makes up."""

from hypothesis import given
from hypothesis import strategies as st

from checkin import effective_time as server_time
from checkin import fold as server_fold
from checkin import verdict as server_verdict
from checkin.merge import facts, merge
from docs.cp1_client import badge, clock, fold, history, verdict
from tests.vectors import random_histories
from tests.vectors.random_histories import BEGIN, DEVICES, HOUR, LOOKUPS, instants


def test_a_text_reads_as_the_vector_says(qr_case, vector_keys):
    read = badge.read_text(
        qr_case["text"], conference=vector_keys["conference"], keys=vector_keys["public"]
    )
    assert {
        "read": read.read,
        "signature": read.signature,
        "lookup": read.lookup,
        "class": read.badge_class,
        "issue": read.issue,
        "key_id": read.key_id,
        "unknown_hash": read.unknown_hash,
    } == qr_case["expect"]


def test_a_stranger_is_named_as_the_vector_says(unknown_case):
    assert badge.hash_unknown(unknown_case["text"]) == unknown_case["unknown_hash"]


def test_a_badge_has_the_lookup_and_key_of_the_vector(badge_case):
    secret = bytes.fromhex(badge_case["s"])
    assert badge.lookup_of(secret) == badge_case["lookup"]
    assert badge.card_key_of(secret).hex() == badge_case["card_key"]


def test_a_card_opens_as_the_vector_says(card_case):
    secret = bytes.fromhex(card_case["s"])
    key, lookup = badge.card_key_of(secret), badge.lookup_of(secret)
    assert badge.open_card(card_case["card"], lookup=lookup, key=key) == card_case["plain"]


def test_a_scan_happened_when_the_vector_says(time_case):
    told = clock.effective_time(time_case["record"])
    assert told == (time_case["t"], time_case["uncertain"])


def test_the_verdict_is_that_of_the_vector(verdict_case):
    assert verdict.judge(**verdict_case["input"]) == verdict_case["expect"]


def test_a_conflict_has_the_id_of_the_vector(conflict_case):
    told = history.conflict_id(conflict_case["kind"], conflict_case["scans"])
    assert told == conflict_case["id"]


def test_the_phones_own_presence_is_that_of_the_vector(local_case):
    own = history.one_set(local_case["scans"])
    told = fold.own_presence(local_case["row"], own, local_case["lookup"], local_case["zone"])
    assert told == local_case["expect"]


def test_a_history_comes_to_what_the_vector_says(history_case):
    assert history.outcome(history_case) == history_case["expect"]
    again = {**history_case, "deliveries": history_case["deliveries"][::-1] * 2}
    assert history.outcome(again) == history_case["expect"]


# Instants close to each other, so that edges, resets and stays meet.
near = st.integers(-5, 5).map(lambda step: BEGIN + step * 450_000)
windows = st.tuples(st.none() | near, st.none() | near).map(list)
some_classes = st.lists(st.integers(1, 3), unique=True)
presences = st.fixed_dictionaries(
    {
        "inside": st.booleans(),
        "in_ms": st.none() | near,
        "in_scan": st.just(random_histories.scan_id(1)),
        "gate": st.none() | st.integers(1, 3),
        "at_ms": near,
        "at_scan": st.just(random_histories.scan_id(2)),
    }
)
cards = st.fixed_dictionaries(
    {"name": st.just("Wei ZHANG"), "class": st.integers(1, 3)},
    optional={
        "zones": st.lists(st.integers(1, 3)),
        "valid": windows,
        "flags": st.lists(st.sampled_from(["vip", "desk", "escort", "of tomorrow"])),
    },
)
readings = st.one_of(
    st.tuples(st.sampled_from(["unreadable", "wrong_conference"]), st.none(), st.none()),
    st.tuples(
        st.just("ok"),
        st.sampled_from(["valid", "invalid", "unknown_key", "none"]),
        st.none() | st.integers(1, 3),
    ),
)
attempts = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["in", "in", "out"]),
        "now": near,
        "uncertain": st.booleans(),
        "entry": st.none()
        | st.fixed_dictionaries(
            {"status": st.sampled_from(["ok", "ok", "unconfirmed", "revoked", "blocked"])}
        ),
        "card": st.none() | cards,
        "presence": st.none() | presences,
        "zone": st.fixed_dictionaries(
            {
                "id": st.integers(1, 3),
                "open_to": some_classes,
                "windows": st.lists(windows, max_size=3),
                "reentry": st.sampled_from(["after_exit", "never", "free"]),
                "resets": st.lists(near, max_size=2, unique=True).map(sorted),
                "provisional": some_classes,
                "escort": st.booleans(),
            }
        ),
    }
)


@given(attempts, readings)
def test_both_judge_alike(attempt, reading):
    read, signature, qr_class = reading
    asked = {**attempt, "read": read, "signature": signature, "qr_class": qr_class}
    told = server_verdict.judge(server_verdict.Attempt(**asked))
    assert verdict.judge(**asked) == told.as_json()


@given(
    st.fixed_dictionaries(
        {
            "wall_ms": st.just(0) | instants,
            "mono_ms": st.integers(0, 3 * HOUR),
            "boot_id": st.sampled_from(DEVICES),
            "anchor": st.none()
            | st.fixed_dictionaries(
                {
                    "server_ms": instants,
                    "mono_ms": st.integers(0, 3 * HOUR),
                    "boot_id": st.sampled_from(DEVICES),
                }
            ),
        }
    )
)
def test_both_tell_the_time_alike(record):
    assert clock.effective_time(record) == tuple(server_time.effective_time(record))


@given(random_histories.histories())
def test_both_fold_a_history_alike(outcome, past):
    assert history.outcome(past) == outcome(past, merge(past["deliveries"]))


@given(random_histories.deliveries(), random_histories.zones(), st.none() | presences)
def test_both_see_alike_what_a_phone_knows_itself(scans, zones, row):
    own = [scan for scan in scans if scan["device"] == DEVICES[0]]
    lookup, zone = LOOKUPS[0], zones[0]
    if row and row["in_ms"] is None:
        row = {**row, "in_scan": None, "gate": None, "inside": False}
    theirs = server_fold.local_presence(row, facts(merge(own).values()), lookup, zone)
    assert fold.own_presence(row, history.one_set(own), lookup, zone) == theirs
