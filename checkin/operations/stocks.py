"""The two stocks of whole snapshots: sealed badges, and who is where.

The cards are encrypted for their badges and presence names nobody: the cache holds no names.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q

from checkin.models import Presence
from checkin.operations.changing import changes_since
from checkin.operations.packing import compact_json
from checkin.operations.snapshotting import sealed_rows, stays
from checkin.operations.stocking import Stock, key_of, stock
from conference.models import Conference


def stock_of_badges(conference: Conference, *, now: datetime) -> Stock:
    """Return the badges of a conference as they stand."""

    def stale(kept: Stock) -> Iterable[int] | None:
        changes = changes_since(conference, kept.position, then=kept.at, now=now)
        # Whose badge it was that is no more is not known: that is rare enough.
        return None if changes.everything or changes.lost else changes.delegates

    def read(persons: Q) -> Iterator[tuple[int, dict[str, Any]]]:
        return sealed_rows(conference, persons, now=now)

    return stock(key_of(conference), stale=stale, read=read, now=now)


def stock_of_presence(conference: Conference, zones: Sequence[int], *, now: datetime) -> Stock:
    """Return who is where in these zones; doors with the same zones share it."""

    def stale(kept: Stock) -> Iterable[int] | None:
        # Blocks do not matter to presence: no time passes here.
        changes = changes_since(conference, kept.position, then=now, now=now)
        if changes.everything or changes.lost:
            return None
        moved = Presence.objects.filter(
            kept.position.unseen(), conference=conference, zone__in=zones
        )
        left = {person for person, _zone in changes.absent}
        return {*changes.delegates, *left, *moved.values_list("delegate_id", flat=True)}

    def read(persons: Q) -> Iterator[tuple[int, dict[str, Any]]]:
        return stays(conference, zones, persons & Q(at_ms__isnull=False))

    return stock(presence_key_of(conference, zones), stale=stale, read=read, now=now)


def presence_key_of(conference: Conference, zones: Sequence[int]) -> str:
    """Return where in the cache the presence of these zones is."""
    return key_of(conference, f"presence-{sha256(compact_json(zones)).hexdigest()[:16]}")
