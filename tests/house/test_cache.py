"""The cache keeps things, and forgets them without a fuss when its server is gone."""

import pytest
from django.core.cache import cache

from config.cache import ForgettingRedisCache


@pytest.fixture
def lost() -> ForgettingRedisCache:
    return ForgettingRedisCache("redis://127.0.0.1:1/0", {})


def test_what_is_kept_is_found_again():
    cache.set("city", "Suzhou")
    assert cache.get("city") == "Suzhou"
    assert cache.add("city", "Tacoma") is False
    assert cache.incr_version("city") == 2
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get_many(["count", "nothing"]) == {"count": 2}
    assert cache.delete("count") is True


def test_counting_what_is_not_there_is_still_an_error():
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")


def test_clearing_leaves_what_others_keep_in_the_same_database(settings):
    parameters = {"KEY_PREFIX": "plenary-test-neighbour:cache"}
    neighbour = ForgettingRedisCache(settings.REDIS.cache, parameters)
    try:
        neighbour.set("city", "Suzhou", timeout=60)
        cache.set("city", "Tacoma")
        cache.clear()
        assert (cache.get("city"), neighbour.get("city")) == (None, "Suzhou")
    finally:
        neighbour.clear()


def test_a_lost_server_is_an_empty_cache(lost):
    lost.clear()
    lost.set("city", "Suzhou")
    assert lost.get("city", "unknown") == "unknown"
    assert lost.get_many(["city"]) == {}
    assert lost.has_key("city") is False
    assert lost.delete("city") is False
    assert lost.touch("city") is False
    assert lost.add("city", "Suzhou") is True
    assert lost.incr("count") == 1
    assert lost.set_many({"city": "Suzhou"}) == ["city"]
    lost.delete_many(["city"])
