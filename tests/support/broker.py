"""The embedded broker of the suite, and keys that no other test sees."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from config.broker import EmbeddedBroker

_started: list[EmbeddedBroker] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the broker once, in the process that all the others come from."""
    if settings.EMBEDDED_BROKER and not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="plenary-broker-"))
        broker = EmbeddedBroker(folder, url=settings.REDIS_URL)
        broker.start()
        _started.append(broker)


def pytest_unconfigure() -> None:
    """Stop the broker and remove what it kept; tidy up in a server that is not ours."""
    for broker in _started:
        broker.stop()
        shutil.rmtree(broker.folder, ignore_errors=True)
    if not settings.EMBEDDED_BROKER:
        for url in {settings.REDIS.broker, settings.REDIS.cache}:
            _forget(url)
    _started.clear()


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Leave nothing in the cache for the next test: rate limits above all."""
    yield
    _forget(settings.REDIS.cache)


def _forget(url: str) -> None:
    with redis.Redis.from_url(url) as connection:
        keys = list(connection.scan_iter(f"{settings.REDIS_KEY_PREFIX}*", count=1000))
        if keys:
            connection.delete(*keys)
