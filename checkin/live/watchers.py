"""Who may watch a conference now: read once a second for all who watch, as their figures are.

Within a process the last answer is trusted for a quarter of a second, then the cache is asked,
which keeps it for one. A change of somebody's role takes it out of the cache, so that whoever lost
it is shown nothing at the next look.
"""

import time
from collections import defaultdict
from threading import Lock

from django.core.cache import cache
from django.db import transaction

from conference.models import Membership

_TRUSTED_S = 0.25
_KEPT_S = 1


class _Holder:
    """What this process knows of one conference, and the one thread that asks."""

    def __init__(self) -> None:
        self.asked_at = -_TRUSTED_S
        self.watchers: frozenset[tuple[int, str]] = frozenset()
        self.asking = Lock()


_holders: defaultdict[int, _Holder] = defaultdict(_Holder)


def may_watch(conference_id: int, *, user: int, role: str) -> bool:
    """Tell whether the user has the role in the conference, as of a second ago at most."""
    holder = _holders[conference_id]
    with holder.asking:
        if time.monotonic() - holder.asked_at >= _TRUSTED_S:
            holder.watchers = _shared(conference_id)
            holder.asked_at = time.monotonic()
        return (user, role) in holder.watchers


def forget_watchers(*, instance: Membership, **_: object) -> None:
    """Have the roles of a conference read anew, whenever one of them has changed."""
    key = _key(instance.conference_id)
    transaction.on_commit(lambda: cache.delete(key), robust=True)


def forget() -> None:
    """Forget what this process holds, as a new one would."""
    _holders.clear()


def _shared(conference_id: int) -> frozenset[tuple[int, str]]:
    known = cache.get(_key(conference_id))
    if isinstance(known, frozenset):
        return known
    active = Membership.objects.filter(conference=conference_id, user__is_active=True)
    watchers = frozenset(active.values_list("user_id", "role"))
    cache.set(_key(conference_id), watchers, timeout=_KEPT_S)
    return watchers


def _key(conference_id: int) -> str:
    return f"checkin:watchers:{conference_id}"
