"""Whatever phones upload, in whatever order, gives one state in the database.

Over the real address, into real rows; what they must come to is said by the reference client.
"""

import json
import random
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checkin.models import Conflict
from docs.cp1_client.history import outcome
from tests.checkin.operations.history_world import World, is_tellable
from tests.vectors.random_histories import histories

pytestmark = pytest.mark.django_db

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "cp1-vectors.json").read_text(encoding="utf-8")
)
FEW = settings(
    max_examples=10,
    deadline=None,
    # Looking for a smaller example would take minutes here; the pure functions are there for that.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    # Each example is rolled back by itself.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def world(history):
    """The history's conference, which is gone afterwards."""
    with transaction.atomic():
        yield World(history)
        transaction.set_rollback(True)


def shown(history):
    """Return what phones bring of a history; what servers decide cannot be told."""
    return [each for each in history["deliveries"] if each["record"]["shown"] is not None]


def uploaded(history):
    return [each for each in shown(history) if each["quarantine"] is None]


def held(history):
    return [each for each in shown(history) if each["quarantine"] is not None]


def assert_comes_to(here, expected):
    """Compare the rows with what the page says follows from the set."""
    assert here.presence() == expected["presence"]
    assert here.entries() == {zone["zone"]: zone["entries"] for zone in expected["counts"]["zones"]}
    true = expected["conflicts"]
    # One that late scans made untrue and later ones true again stays moot: it is raised once.
    assert [each for each in here.conflicts() if each in true] == true
    assert [each for each in here.conflicts(Conflict.State.OPEN) if each not in true] == []


@FEW
@given(histories(most=10), st.randoms(use_true_random=False))
def test_uploads_in_any_order_come_to_one_state(past, chance):
    expected = outcome({**past, "deliveries": shown(past)})
    for doubled in (1, 2):
        with world(past) as here:
            here.tell(uploaded(past) * doubled, chance)
            here.quarantine(held(past), chance)
            assert_comes_to(here, expected)


@FEW
@given(histories(most=8), st.randoms(use_true_random=False))
def test_scans_that_were_online_too_come_to_the_same_state(past, chance):
    """The line was slow: the server judged, and the phone showed what it found itself."""
    with world(past) as here:
        online = [
            each
            for each in uploaded(past)
            if each["record"]["shown"] not in {"override_admit", "annulled", "unknown"}
        ]
        for delivery in chance.sample(online, len(online) // 2):
            phone = here.phones[delivery["device"]]
            delivery["record"]["gate"] = next(
                number for number, pk in here.gates.items() if pk == phone.device.gate_id
            )
        expected = outcome({**past, "deliveries": uploaded(past)})
        for delivery in online:
            phone, record = here.phones[delivery["device"]], here.record(delivery)
            if record["gate"] == phone.device.gate_id:
                asked = record | {"shown": None, "offline": False}
                answer = phone.post("scan/", {"scan": asked})
                assert answer.status_code == 200, answer.content
        here.tell(uploaded(past), chance)
        assert_comes_to(here, expected)


@pytest.mark.parametrize(
    "past",
    [each for each in VECTORS["histories"] if is_tellable(each)],
    ids=lambda each: each["name"],
)
def test_uploads_come_to_what_the_vector_says(past):
    chance = random.Random(past["name"])
    with world(past) as here:
        here.tell(uploaded(past) * 2, chance)
        here.quarantine(held(past), chance)
        assert_comes_to(here, past["expect"])


def test_most_vectors_can_be_told():
    told = [each["name"] for each in VECTORS["histories"] if is_tellable(each)]
    assert len(told) > 0.8 * len(VECTORS["histories"])
