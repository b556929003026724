"""Counts of persons for the live board (CP1, section 8), from the folds of everybody."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from checkin.fold import Fold
from checkin.merge import Fact, moves
from checkin.messages import FoldRules


class ZoneCount(TypedDict):
    """Persons who ever entered a zone, those inside it now, and the sum of entries."""

    zone: int
    arrived: int
    inside: int
    entries: int


class Counts(TypedDict):
    """Persons who entered any zone, those inside any now, and lookups that belong to nobody."""

    arrived: int
    inside: int
    unidentified: int
    zones: list[ZoneCount]


def count(
    persons: Iterable[Mapping[int, Fold]],
    zones: Mapping[int, FoldRules],
    *,
    now_ms: int,
    unidentified: int = 0,
) -> Counts:
    """Return the counts at ``now_ms`` over the folds of each person, by zone id.

    No list, gate, issue or repeat counts a person twice. All zones are listed, by number.
    """
    per_zone = {
        zone: ZoneCount(zone=zone, arrived=0, inside=0, entries=0) for zone in sorted(zones)
    }
    arrived = inside = 0
    for folds in persons:
        is_arrived = is_inside = False
        for zone, folded in folds.items():
            here = folded.is_inside_at(now_ms, zones[zone]["resets"])
            is_arrived |= folded.entries > 0
            is_inside |= here
            per_zone[zone]["arrived"] += folded.entries > 0
            per_zone[zone]["inside"] += here
            per_zone[zone]["entries"] += folded.entries
        arrived += is_arrived
        inside += is_inside
    return Counts(
        arrived=arrived, inside=inside, unidentified=unidentified, zones=list(per_zone.values())
    )


def count_unidentified(scans: Iterable[Fact]) -> int:
    """Return how many distinct lookups that belong to nobody have an entry among these scans."""
    return len({move.lookup for move in moves(scans) if move.kind == "entry"})
