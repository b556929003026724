"""How often somebody may ask: a leaky bucket in the shared cache, one for each key."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.core.cache import cache
from redis.exceptions import RedisError

#: Pours one request into the bucket and says by how many ms it would run over; if it would, nothing
#: is poured. The whole of it is one step for Redis, so two at once are never counted as one.
_POUR: Final = """
local now, step, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_until = tonumber(redis.call('GET', KEYS[1]) or 0)
if full_until < now then full_until = now end
full_until = full_until + step
local over = full_until - now - room
if over > 0 then return over end
redis.call('SET', KEYS[1], string.format('%.0f', full_until), 'PX', room + 60000)
return 0
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds; ``burst`` of them may come at once."""

    requests: int
    seconds: int
    burst: int

    @property
    def step_ms(self) -> int:
        """How much of the bucket one request takes, in ms."""
        return self.seconds * 1000 // self.requests


def seconds_to_wait(key: str, rate: Rate, now: datetime) -> int:
    """Count one request at ``now``; return 0 if it may pass, else when to come again, in s.

    A request that is refused takes nothing. Where the cache is gone everybody may pass: a door
    must not close because a counter is lost.
    """
    step_ms = rate.step_ms
    now_ms = round(now.timestamp() * 1000)
    try:
        # `cache` is config.cache.ForgettingRedisCache, which knows scripts besides Django's own.
        over_ms = cast("Any", cache).run_script(
            _POUR, f"checkin:rate:{key}", now_ms, step_ms, rate.burst * step_ms
        )
    except (RedisError, OSError):
        return 0
    return math.ceil(int(over_ms or 0) / 1000)
