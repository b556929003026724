"""One count a second, however many watch, in however many processes."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkin import live
from checkin.live import sharing
from checkin.models import Device
from config.cache import ForgettingRedisCache
from tests.support.patience import PATIENCE_S


def see(conference, now):
    return live.snapshot(conference.pk, now=now)


def key(conference):
    return f"checkin:board:{conference.pk}"


@pytest.fixture
def lively(conference, phone):
    """A phone that speaks, without which hardly anything is counted."""
    Device.objects.filter(pk=phone.device.pk).update(last_seen_at=timezone.now())
    return phone


def test_a_count_is_shared_for_a_second_and_no_longer(conference, lively, lookup, now):
    first = see(conference, now)
    lively.scan(lookup)
    assert see(conference, now + timedelta(milliseconds=999)) is first
    assert see(conference, now + timedelta(milliseconds=1000)).arrived == 1


def test_another_process_finds_the_count_and_does_not_count(conference, lively, lookup, now):
    lively.scan(lookup)
    first = see(conference, now)
    sharing.forget()
    with CaptureQueriesContext(connection) as captured:
        again = see(conference, now + timedelta(milliseconds=500))
    assert (again, len(captured)) == (first, 0)


def test_a_turn_that_comes_just_after_another_process_has_counted_counts_nothing(
    conference, lively, now, monkeypatch
):
    old = see(conference, now).as_json()
    new = see(conference, now + timedelta(seconds=1)).as_json()
    cache.set(key(conference), old)
    sharing.forget()
    add = cache.add

    def slower(name, *args, **more):
        cache.set(key(conference), new)
        return add(name, *args, **more)

    monkeypatch.setattr(cache, "add", slower)
    monkeypatch.setattr(sharing, "count", None)
    assert see(conference, now + timedelta(milliseconds=1100)).as_json() == new


def test_a_count_that_took_long_is_followed_by_a_pause_as_long(
    conference, lively, now, monkeypatch
):
    monkeypatch.setattr(sharing, "_LONG_S", 0)
    first = see(conference, now)
    sharing.forget()
    # Another process asks when the count is just too old: it is not its turn yet.
    assert see(conference, now + timedelta(milliseconds=1001)) == first


def test_while_another_process_counts_the_last_count_stands_in(conference, lively, now):
    first = see(conference, now)
    cache.set(f"{key(conference)}:turn", 1, timeout=10)
    sharing.forget()
    assert see(conference, now + timedelta(milliseconds=4900)) == first


def test_with_nothing_to_show_one_waits_for_the_count_of_another_process(conference, now):
    text = see(conference, now).as_json()
    cache.clear()
    sharing.forget()
    cache.set(f"{key(conference)}:turn", 1, timeout=10)
    later = threading.Timer(0.2, lambda: cache.set(key(conference), text))
    later.start()
    with CaptureQueriesContext(connection) as captured:
        assert see(conference, now).as_json() == text
    later.join()
    assert len(captured) == 0


def test_when_the_one_who_counts_has_died_the_watcher_counts(conference, now, monkeypatch):
    monkeypatch.setattr(sharing, "_WAIT_S", 0.1)
    cache.set(f"{key(conference)}:turn", 1, timeout=10)
    assert see(conference, now).expected == 0


def test_a_count_that_fails_gives_the_turn_back(conference, now, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "count", fail)
        with pytest.raises(RuntimeError):
            see(conference, now)
    assert see(conference, now).expected == 0


def test_a_watcher_whose_clock_is_a_little_behind_does_not_count_again(conference, lively, now):
    first = see(conference, now)
    assert see(conference, now - timedelta(milliseconds=300)) is first


@pytest.mark.parametrize("kept", ["no json", "[]", '{"as_of_ms": 1}', b"pickled", 7])
def test_whatever_else_lies_in_the_cache_is_not_believed(conference, now, kept):
    cache.set(key(conference), kept)
    assert see(conference, now).as_of_ms == round(now.timestamp() * 1000)


def test_what_the_cache_holds_is_plain_json(conference, phone, lookup, now):
    phone.scan(lookup)
    counted = see(conference, now)
    text = cache.get(key(conference))
    assert json.loads(text)["as_of_ms"] == counted.as_of_ms
    assert live.Snapshot.from_json(text) == counted


def test_while_no_phone_speaks_a_second_costs_one_small_query(conference, phone, now):
    Device.objects.update(last_seen_at=now - timedelta(minutes=5))
    first = see(conference, now)
    with CaptureQueriesContext(connection) as captured:
        for tenth in range(10, 20):
            assert see(conference, now + timedelta(milliseconds=100 * tenth)) == first
    assert len(captured) == 1


def test_the_first_phone_that_speaks_wakes_the_board(conference, phone, lookup, now):
    Device.objects.update(last_seen_at=now - timedelta(minutes=5))
    see(conference, now)
    phone.scan(lookup)
    assert see(conference, now + timedelta(milliseconds=1000)).arrived == 1


def test_without_a_phone_too_all_is_counted_within_ten_seconds(conference, person, now):
    assert see(conference, now).expected == 1
    person.withdrawn_at = now
    person.save()
    assert see(conference, now + timedelta(seconds=8)).expected == 0


@pytest.fixture
def gone(monkeypatch):
    """The cache's server is gone."""
    lost = ForgettingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(sharing, "cache", lost)


def test_without_a_cache_each_process_counts_once_a_second(conference, lively, gone, now):
    first = see(conference, now)
    with CaptureQueriesContext(connection) as captured:
        for tenth in range(10):
            assert see(conference, now + timedelta(milliseconds=99 * tenth)) == first
    assert len(captured) == 0
    assert see(conference, now + timedelta(milliseconds=1000)).as_of_ms == first.as_of_ms + 1000


def test_of_many_threads_one_looks_and_the_others_see_what_is_there(
    conference, lively, now, monkeypatch
):
    first = see(conference, now)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_conference_id, now_ms):
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return first

    monkeypatch.setattr(sharing, "_count", slowly)
    monkeypatch.setattr(sharing, "_is_lively", lambda *_: True)
    later = now + timedelta(milliseconds=1500)
    slow = threading.Thread(target=see, args=(conference, later))
    slow.start()
    assert begun.wait(PATIENCE_S)
    assert all(see(conference, later) is first for _ in range(7))
    assert slow.is_alive()  # nobody waited for it
    go_on.set()
    slow.join()
