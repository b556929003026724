"""Who has a valid badge, by name: kept in each process, and never older than the question.

Twenty thousand names are two megabytes and are looked through in milliseconds, on either engine
and with either script, which no index of a database can say. What has changed since the last
question is asked as for the snapshots of phones, so nothing is missed, whoever wrote it.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Final, NamedTuple

from django.db.models import Q

from checkin.operations.changing import ANSWERED, Position, changes_since, present_position
from checkin.operations.folding_names import folded, searchable
from checkin.operations.stocking import key_of
from conference.models import Conference
from delegates.models import Badge

#: How many conferences a process keeps.
_KEPT: Final = 4
_NAMES: Final = ("family_name", "given_name", "native_name", "badge_name")

_indexes: "OrderedDict[str, NameIndex]" = OrderedDict()
_at_work = threading.Lock()


class Entry(NamedTuple):
    """A person: what she or he is found by, and where she or he stands in a list."""

    text: str
    order: str
    delegate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """The entries by delegate, as they were when read from ``position``."""

    position: Position
    at: datetime
    entries: dict[int, Entry]

    def find(self, q: str, *, most: int) -> list[int]:
        """Return up to ``most`` delegates whose names hold every word of ``q``, the best first.

        Whole words come before beginnings, and these before what is in the middle.
        """
        words = folded(q).split()
        if not words:
            return []
        found = list(self.entries.values())
        for word in words:
            found = [entry for entry in found if word in entry.text]
        ranked = nsmallest(most, ((_distance(entry, words), entry) for entry in found), key=_place)
        return [entry.delegate for _distance_, entry in ranked]


def name_index(conference: Conference, *, now: datetime) -> NameIndex:
    """Return the index as it stands; only what has changed is read again."""
    key = key_of(conference)
    with _at_work:
        position = present_position()
        kept = _indexes.get(key)
        persons = _stale(conference, kept, position, now)
        if kept is None or persons is None:
            entries = _entries(conference, Q())
        elif persons:
            others = {pk: entry for pk, entry in kept.entries.items() if pk not in persons}
            entries = others | _entries(conference, Q(delegate__in=persons))
        else:
            entries = kept.entries
        kept = NameIndex(position=position, at=now, entries=entries)
        _indexes[key] = kept
        _indexes.move_to_end(key)
        while len(_indexes) > _KEPT:
            _indexes.popitem(last=False)
        return kept


def _stale(
    conference: Conference, kept: NameIndex | None, position: Position, now: datetime
) -> frozenset[int] | None:
    """Return whose names must be read again; None for all."""
    if kept is None or not kept.position.precedes(position) or now - kept.at > ANSWERED:
        return None
    # Blocks do not matter to names: no time passes here.
    changes = changes_since(conference, kept.position, then=now, now=now)
    return None if changes.everything or changes.lost else changes.delegates


def _entries(conference: Conference, persons: Q) -> dict[int, Entry]:
    badges = Badge.objects.filter(persons, conference=conference, revoked_at=None)
    columns = ("delegate_id", *(f"delegate__{name}" for name in _NAMES))
    return {
        pk: Entry(
            searchable(family=family, given=given, others=(native, badge)),
            f"{folded(family)} {folded(given)} {native}",
            pk,
        )
        for pk, family, given, native, badge in badges.values_list(*columns).iterator()
    }


def _distance(entry: Entry, words: list[str]) -> int:
    return sum(
        0 if f" {word} " in entry.text else 1 if f" {word}" in entry.text else 2 for word in words
    )


def _place(ranked: tuple[int, Entry]) -> tuple[int, str, int]:
    distance, entry = ranked
    return distance, entry.order, entry.delegate
