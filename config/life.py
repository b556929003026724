"""Signs of life: worker and beat each leave one in Redis or Valkey that fades by itself."""

import contextlib
from typing import Any, Final

import redis
from celery import bootsteps
from celery.worker.consumer import Consumer
from django.conf import settings

EVERY_SECONDS: Final = 3
FADES_AFTER_SECONDS: Final = 10


def client() -> redis.Redis:
    """Return a connection to the broker that gives up within two seconds."""
    return redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_connect_timeout=2,
        socket_timeout=2,
        **(settings.CELERY_BROKER_USE_SSL or {}),
    )


def worker_key(queue: str) -> str:
    """Return the key that lives while a worker takes tasks from the queue."""
    return f"{settings.REDIS_KEY_PREFIX}alive:worker:{queue}"


def beat_key() -> str:
    """Return the key that lives while beat ticks."""
    return f"{settings.REDIS_KEY_PREFIX}alive:beat"


def show_life(connection: redis.Redis, keys: list[str]) -> None:
    """Renew the keys; a broker that cannot be reached is its own bad sign, reported elsewhere."""
    with contextlib.suppress(redis.RedisError):
        pipeline = connection.pipeline(transaction=False)
        for key in keys:
            pipeline.set(key, 1, ex=FADES_AFTER_SECONDS)
        pipeline.execute()


class WorkerLife(bootsteps.StartStopStep):
    """Shows life for each queue from the loop that fetches tasks: a stuck loop falls silent."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Consumer, **options: Any) -> None:
        """Wait for the consumer to be connected before the first sign."""
        super().__init__(consumer, **options)
        self._timer: Any = None
        self._connection: redis.Redis | None = None

    def start(self, consumer: Consumer) -> None:
        """Begin to show life, now and then regularly."""
        self._connection = client()
        keys = [worker_key(queue) for queue in consumer.app.amqp.queues.consume_from]
        show_life(self._connection, keys)
        self._timer = consumer.timer.call_repeatedly(
            EVERY_SECONDS, show_life, (self._connection, keys)
        )

    def stop(self, consumer: Consumer) -> None:
        """Fall silent: the broker was lost, or the worker is going."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._connection:
            self._connection.close()
            self._connection = None

    shutdown = stop
