"""The merge as pure functions: whatever phones bring, in whatever order, gives one state."""

from hypothesis import given
from hypothesis import strategies as st

from checkin.merge import merge
from tests.vectors.random_histories import histories


@given(histories(), st.randoms(use_true_random=False))
def test_order_doubles_and_batches_change_nothing(outcome, past, chance):
    told = outcome(past, merge(past["deliveries"]))
    deliveries = past["deliveries"] * 2
    chance.shuffle(deliveries)
    merged = {}
    while deliveries:
        cut = chance.randint(1, len(deliveries))
        merged = merge(deliveries[:cut], merged)
        deliveries = deliveries[cut:]
    assert outcome(past, merged) == told


@given(histories())
def test_what_is_held_or_rejected_does_not_exist(outcome, past):
    heard = [each for each in past["deliveries"] if each["quarantine"] in {None, "accepted"}]
    assert outcome(past, merge(heard)) == outcome(past, merge(past["deliveries"]))


@given(histories())
def test_what_is_accepted_counts_like_any_other(outcome, past):
    freed = [{**each, "quarantine": None} for each in past["deliveries"]]
    accepted = [{**each, "quarantine": "accepted"} for each in past["deliveries"]]
    assert outcome(past, merge(accepted)) == outcome(past, merge(freed))


@given(histories())
def test_counts_follow_from_presence(outcome, past):
    """A person is counted once in a zone and once in the conference, however many came of it."""
    told = outcome(past, merge(past["deliveries"]))
    rows, counts = told["presence"], told["counts"]
    arrived = {(row["person"], row["zone"]) for row in rows if row["in_ms"] is not None}
    assert counts["arrived"] == len({person for person, _ in arrived})
    assert counts["inside"] <= len({row["person"] for row in rows if row["inside"]})
    for zone in counts["zones"]:
        assert zone["arrived"] == sum(where == zone["zone"] for _, where in arrived)
        assert zone["inside"] <= zone["arrived"] <= zone["entries"]
