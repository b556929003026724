"""Alerts as seen: by whom, the first time; a second look changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet

from checkin.models import Alert
from conference.models import Conference, User
from conference.operations import auditing

#: How long a count stands for all pages; opening a page must not cost a count each time.
_COUNT_STANDS_S = 5


@transaction.atomic
def mark_seen(*, conference: Conference, alerts: Iterable[int], now: datetime, actor: User) -> int:
    """Note that these alerts of the conference were seen; return how many had not been."""
    unseen = unseen_of(conference).filter(pk__in=list(alerts))
    keys = list(unseen.order_by("pk").values_list("key", flat=True))
    seen = unseen.update(seen_at=now, seen_by=actor)
    if seen:
        transaction.on_commit(lambda: cache.delete(_count_key(conference)), robust=True)
        auditing.record(
            action="alert.seen",
            target=conference,
            conference=conference,
            actor=actor,
            after={"alerts": keys},
            now=now,
        )
    return seen


def unseen_of(conference: Conference) -> QuerySet[Alert]:
    """Return the alerts of the conference that nobody has seen yet."""
    return Alert.objects.filter(conference=conference, seen_at=None)


def unseen_alerts(conference: Conference) -> int:
    """Return how many alerts nobody has seen, as of a few seconds ago, for every page's side."""
    key = _count_key(conference)
    kept: int | None = cache.get(key)
    if kept is None:
        kept = unseen_of(conference).count()
        cache.set(key, kept, timeout=_COUNT_STANDS_S)
    return kept


def _count_key(conference: Conference) -> str:
    return f"checkin:unseen:{conference.pk}"
