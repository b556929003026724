"""Who may watch a conference now: read once a second for all who watch, as their figures are.

Within a process the last answer is trusted for a quarter of a second, then the cache is asked,
which keeps it for one. A change of somebody's role takes it out of the cache, so that whoever lost
it is shown nothing at the next look. Who signs out is noted in the cache alone, and read there for
all who watch at once: a cache that forgets it lets a ticket live until it runs out by itself.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.db import transaction

from conference.models import Membership, User

_TRUSTED_S = 0.25
_KEPT_S = 1
#: A sign-out is remembered for longer than any ticket lives.
_SIGNED_OUT_KEPT_S = 120
#: Clocks of two machines may differ by this much, and a request may be on its way meanwhile.
_SLACK_MS = 2000


class _Holder:
    """What this process knows of one conference, and the one thread that asks."""

    def __init__(self) -> None:
        self.asked_at = -_TRUSTED_S
        self.watchers: Mapping[tuple[int, str], int] = {}
        self.asking = Lock()


_holders: defaultdict[int, _Holder] = defaultdict(_Holder)


def may_watch(conference_id: int, *, user: int, role: str, since_ms: int) -> bool:
    """Tell whether the user has the role in the conference, as of a second ago at most.

    And whether he or she has stayed signed in since then. Signing out in one browser counts in all:
    the others show by their cookie that they are still in.
    """
    holder = _holders[conference_id]
    with holder.asking:
        if time.monotonic() - holder.asked_at >= _TRUSTED_S:
            holder.watchers = _shared(conference_id)
            holder.asked_at = time.monotonic()
        signed_out_ms = holder.watchers.get((user, role))
    return signed_out_ms is not None and since_ms > signed_out_ms + _SLACK_MS


def note_sign_out(*, user: User | None, **_: object) -> None:
    """Remember when somebody has signed out; nobody does where the session had ended before."""
    if user is not None:
        cache.set(_sign_out_key(user.pk), now_ms(), timeout=_SIGNED_OUT_KEPT_S)


def now_ms() -> int:
    """Return the time by which tickets and sign-outs are compared."""
    return round(time.time() * 1000)


def forget_watchers(*, instance: Membership, **_: object) -> None:
    """Have the roles of a conference read anew, whenever one of them has changed."""
    key = _key(instance.conference_id)
    transaction.on_commit(lambda: cache.delete(key), robust=True)


def forget() -> None:
    """Forget what this process holds, as a new one would."""
    _holders.clear()


def _shared(conference_id: int) -> Mapping[tuple[int, str], int]:
    """Return when each user with a role has signed out lately, 0 for never."""
    known = cache.get(_key(conference_id))
    if isinstance(known, dict):
        return known
    active = Membership.objects.filter(conference=conference_id, user__is_active=True)
    roles = list(active.values_list("user_id", "role"))
    signed_out: Mapping[str, Any] = cache.get_many([_sign_out_key(user) for user, _role in roles])
    watchers = {(user, role): signed_out.get(_sign_out_key(user), 0) for user, role in roles}
    cache.set(_key(conference_id), watchers, timeout=_KEPT_S)
    return watchers


def _key(conference_id: int) -> str:
    return f"checkin:watchers:{conference_id}"


def _sign_out_key(user_id: int) -> str:
    return f"checkin:signed-out:{user_id}"
