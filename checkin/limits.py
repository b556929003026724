"""How often somebody may ask: a leaky bucket in the shared cache, one for each key."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds; ``burst`` of them may come at once."""

    requests: int
    seconds: int
    burst: int

    @property
    def step_ms(self) -> float:
        """How much of the bucket one request takes, in ms."""
        return self.seconds * 1000 / self.requests


def seconds_to_wait(key: str, rate: Rate, now: datetime) -> int:
    """Count one request at ``now``; return 0 if it may pass, else when to come again, in s.

    A request that is refused takes nothing. Where the cache is gone everybody may pass: a door
    must not close because a counter is lost.
    """
    now_ms = now.timestamp() * 1000
    name = f"checkin:rate:{key}"
    try:
        full_until = max(float(cache.get(name, 0.0)), now_ms) + rate.step_ms
        ahead_ms = full_until - now_ms - rate.burst * rate.step_ms
        if ahead_ms > 0:
            return math.ceil(ahead_ms / 1000)
        cache.set(name, full_until, timeout=rate.seconds * 2 + 60)
    except (RedisError, OSError):
        return 0
    return 0
