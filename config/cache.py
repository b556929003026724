"""The cache, which may be lost at any moment: then it forgets, and the pages go on."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import redis
from django.core.cache.backends.redis import RedisCache
from redis.commands.core import Script

Answer = TypeVar("Answer")


def _or(otherwise: Answer, ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except (redis.ConnectionError, redis.TimeoutError):
        return otherwise


class ForgettingRedisCache(RedisCache):
    """Answers like an empty cache while Redis or Valkey cannot be reached.

    Rate limits are not counted meanwhile: a door that stays open to its staff is worth more.
    """

    def add(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Store a value that is not there; claim to have done so."""
        return _or(True, lambda: super(ForgettingRedisCache, self).add(key, *args, **kwargs))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default."""
        return _or(default, lambda: super(ForgettingRedisCache, self).get(key, default, version))

    def set(self, key: str, *args: Any, **kwargs: Any) -> None:
        """Store a value, or let it go."""
        _or(None, lambda: super(ForgettingRedisCache, self).set(key, *args, **kwargs))

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Prolong a value's life; False where it is not there."""
        return _or(False, lambda: super(ForgettingRedisCache, self).touch(key, *args, **kwargs))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Remove a value; False where it was not there."""
        return _or(False, lambda: super(ForgettingRedisCache, self).delete(key, version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the values that are there."""
        return _or({}, lambda: super(ForgettingRedisCache, self).get_many(list(keys), version))

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        """Store values; return the keys that could not be stored."""
        return _or(
            list(data), lambda: super(ForgettingRedisCache, self).set_many(data, *args, **kwargs)
        )

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Remove values."""
        _or(None, lambda: super(ForgettingRedisCache, self).delete_many(list(keys), version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Tell whether a value is there."""
        return _or(False, lambda: super(ForgettingRedisCache, self).has_key(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up and return the new count; without a cache nothing has been counted before."""
        return _or(delta, lambda: super(ForgettingRedisCache, self).incr(key, delta, version))

    def clear(self) -> None:
        """Remove what this installation has stored: the database may be shared, as by the queue."""
        _or(None, self._clear)

    def _clear(self) -> None:
        client = self._cache.get_client(None, write=True)
        own = list(client.scan_iter(f"{self.key_prefix}:*", count=1000))
        for first in range(0, len(own), 1000):
            client.unlink(*own[first : first + 1000])

    def run_script(self, source: str, key: str, *arguments: float) -> Any:
        """Run a script on one key, all or nothing; None where Redis cannot be reached.

        One round trip: the script is known there by its hash once it has run.
        """
        if self._script is None or self._script.script != source:
            self._script = self._cache.get_client(None, write=True).register_script(source)
        script = self._script
        return _or(None, lambda: script(keys=[self.make_and_validate_key(key)], args=arguments))

    #: The script that ran last: there is one, so far.
    _script: Script | None = None
