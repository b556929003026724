"""One count a second for all who watch, in however many processes they are served.

Two layers hold the last count. Within a process one thread at a time looks for a newer one and
the others show what is there. Between processes the cache holds it, and a key in it says whose
turn it is to count, so that one count a second is made, however many ask. A count that took long
is followed by a pause as long. Where the cache is gone each process counts for itself.

While no phone of the conference has been heard of lately, nothing can happen at its doors: then a
single small query a second finds that out, and the whole is counted only now and then.
"""

import time
from collections import defaultdict
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from django.core.cache import cache

from checkin.live.picture import Snapshot
from checkin.live.taking import count
from checkin.models import Device
from conference.models import Conference

#: A count is shown to all watchers for this long.
FRESH_MS = 1000
#: One that is older than this is not shown while a newer one is made: the watcher waits for that.
STANDS_IN_MS = 5000
#: While no phone speaks, a count is shown for this long.
IDLE_FRESH_MS = 8000
#: A phone in use speaks every thirty seconds or so.
_HEARD_WITHIN = timedelta(minutes=2)
#: Clocks of two machines that serve watchers may differ by this much.
_SKEW_MS = 2000
_TURN_S = 10
#: After a count that takes longer, the database is left alone for as long.
_LONG_S = 0.5
_KEPT_S = 60
_WAIT_S = 2.0
_LOOK_EVERY_S = 0.05


class Holder:
    """What this process knows of one conference, and the one thread that looks for news."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.kept: Snapshot | None = None
        #: When it last turned out that no phone speaks.
        self.quiet_ms = 0
        self.looking = Lock()

    def has_fresh(self, now_ms: int) -> bool:
        """Tell whether what is known still holds."""
        if self.kept is None:
            return False
        age = _age_ms(self.kept, now_ms)
        return age < FRESH_MS or (age < IDLE_FRESH_MS and 0 <= now_ms - self.quiet_ms < FRESH_MS)


_holders: defaultdict[int, Holder] = defaultdict(Holder)


def snapshot(conference_id: int, *, now: datetime) -> Snapshot:
    """Return the counts of a conference, at most a second old; few queries, for all watchers."""
    now_ms = round(now.timestamp() * 1000)
    holder = _holders[conference_id]
    if holder.kept is not None and holder.has_fresh(now_ms):
        return holder.kept
    stand_in = holder.kept
    if stand_in is not None and _age_ms(stand_in, now_ms) >= STANDS_IN_MS:
        stand_in = None
    if not holder.looking.acquire(blocking=stand_in is None):
        assert stand_in is not None
        return stand_in
    try:
        # Whoever waited for the lock finds what the one before has brought.
        if holder.kept is None or not holder.has_fresh(now_ms):
            holder.kept = _newest(conference_id, holder, now)
        return holder.kept
    finally:
        holder.looking.release()


def forget() -> None:
    """Forget what this process holds, as a new one would."""
    _holders.clear()


def _age_ms(kept: Snapshot, now_ms: int) -> int:
    """Return how old a count is; one from after ``now`` is new, unless a clock was set back."""
    age = now_ms - kept.as_of_ms
    return age if age >= 0 else (0 if -age < _SKEW_MS else STANDS_IN_MS)


def _newest(conference_id: int, holder: Holder, now: datetime) -> Snapshot:
    """Return what another process counted, or count."""
    now_ms = round(now.timestamp() * 1000)
    shared = _shared(conference_id) or holder.kept
    if shared is not None:
        age = _age_ms(shared, now_ms)
        if age < FRESH_MS:
            return shared
        if age < IDLE_FRESH_MS and not _is_lively(conference_id, now):
            holder.quiet_ms = now_ms
            return shared
    turn = f"{_key(conference_id)}:turn"
    if cache.add(turn, 1, timeout=_TURN_S):
        began = time.monotonic()
        try:
            return _in_turn(conference_id, now_ms)
        finally:
            _give_back(turn, took_s=time.monotonic() - began)
    if shared is not None and _age_ms(shared, now_ms) < STANDS_IN_MS:
        return shared
    return _awaited(conference_id, now_ms) or _count(conference_id, now_ms)


def _in_turn(conference_id: int, now_ms: int) -> Snapshot:
    """Count, unless whoever had the turn just before has done so."""
    shared = _shared(conference_id)
    if shared is not None and _age_ms(shared, now_ms) < FRESH_MS:
        return shared
    counted = _count(conference_id, now_ms)
    cache.set(_key(conference_id), counted.as_json(), timeout=_KEPT_S)
    return counted


def _give_back(turn: str, *, took_s: float) -> None:
    if took_s < _LONG_S:
        cache.delete(turn)
    else:
        cache.touch(turn, timeout=ceil(took_s))


def _count(conference_id: int, now_ms: int) -> Snapshot:
    return count(Conference.objects.get(pk=conference_id), now_ms=now_ms)


def _awaited(conference_id: int, now_ms: int) -> Snapshot | None:
    """Wait for the count that another process is making; None if it does not come."""
    until = time.monotonic() + _WAIT_S
    while time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
        shared = _shared(conference_id)
        if shared is not None and _age_ms(shared, now_ms) < STANDS_IN_MS:
            return shared
    return None


def _shared(conference_id: int) -> Snapshot | None:
    """Return what the cache holds; what it holds is data, and is believed only if it fits."""
    text = cache.get(_key(conference_id))
    if not isinstance(text, str):
        return None
    try:
        return Snapshot.from_json(text)
    except ValueError:
        return None


def _is_lively(conference_id: int, now: datetime) -> bool:
    return Device.objects.filter(
        conference=conference_id, last_seen_at__gte=now - _HEARD_WITHIN
    ).exists()


def _key(conference_id: int) -> str:
    return f"checkin:board:{conference_id}"
