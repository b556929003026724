"""How often somebody may ask: counted once each, in one step, and not at all without a cache."""

from datetime import timedelta
from uuid import uuid4

import pytest
import redis

from checkin.limits import Rate, seconds_to_wait
from tests.support.at_once import at_once

RATE = Rate(requests=10, seconds=60, burst=10)


@pytest.fixture
def key():
    return f"test:{uuid4()}"


def test_of_many_at_once_exactly_the_burst_may_pass(key, now):
    def ask():
        return [seconds_to_wait(key, RATE, now) for _ in range(5)]

    waits = [wait for each in at_once(*[ask] * 8) for wait in each]

    assert waits.count(0) == 10
    assert {wait for wait in waits if wait} == {6}


def test_what_is_refused_takes_nothing(key, now):
    for _ in range(30):
        seconds_to_wait(key, RATE, now)
    assert seconds_to_wait(key, RATE, now + timedelta(seconds=6)) == 0
    assert seconds_to_wait(key, RATE, now + timedelta(seconds=6)) == 6


def test_without_a_cache_everybody_may_pass(key, now, monkeypatch):
    def gone(*_args, **_options):
        raise redis.ConnectionError

    with monkeypatch.context() as without:
        without.setattr(redis.Redis, "execute_command", gone)
        assert [seconds_to_wait(key, RATE, now) for _ in range(20)] == [0] * 20
    assert [seconds_to_wait(key, RATE, now) for _ in range(11)] == [0] * 10 + [6]
