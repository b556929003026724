"""What all scans of some persons come to: read for many at once, folded one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import QuerySet

from checkin.fold import Fold, fold_person
from checkin.merge import Fact
from checkin.messages import Direction, FoldRules, Reentry, Window
from checkin.models import Block, Scan, Zone
from delegates.models import Badge

#: What a revoked phone sent and nobody has accepted does not exist for the fold.
UNHEARD = (Scan.Quarantine.HELD, Scan.Quarantine.REJECTED)
_FIELDS = (
    "delegate_id",
    "id",
    "device_id",
    "seq",
    "lookup",
    "gate_id",
    "zone_id",
    "direction",
    "effective_ms",
    "uncertain",
    "decided",
    "shown",
    "annuls",
)


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened to one person at the doors, and what it comes to in each zone."""

    delegate: int
    scans: int
    folds: dict[int, Fold]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When persons were blocked and their badges revoked."""

    revoked: dict[int, dict[str, int | None]]
    blocked: dict[int, list[Window]]


def heard_scans() -> QuerySet[Scan]:
    """Return the scans that count: all but those held or rejected in quarantine."""
    return Scan.objects.exclude(quarantine__in=UNHEARD)


def read_stories(delegates: Collection[int], rules: dict[int, FoldRules]) -> Iterator[Story]:
    """Yield the story of each of these persons: three queries, however many they are."""
    return fold_stories(delegates, scans_of(delegates, heard_scans()), rules)


def fold_stories(
    delegates: Collection[int], facts: Mapping[int, Sequence[Fact]], rules: dict[int, FoldRules]
) -> Iterator[Story]:
    """Yield the story that these scans would make of each person: two queries."""
    found = _circumstances(delegates)
    for delegate in delegates:
        own = facts.get(delegate, [])
        folds = fold_person(
            own,
            rules,
            revoked=found.revoked.get(delegate, {}),
            blocked=found.blocked.get(delegate, []),
        )
        yield Story(delegate, len(own), folds)


def scans_of(delegates: Collection[int], scans: QuerySet[Scan]) -> dict[int, list[Fact]]:
    """Return those of these scans that belong to these persons, by person: one query."""
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    rows = scans.filter(delegate__among=delegates).order_by().values_list(*_FIELDS)
    for row in rows:
        facts[row[0]].append(_fact(row[1:]))
    return facts


def fold_rules(zones: Iterable[Zone]) -> dict[int, FoldRules]:
    """Return what the fold asks of these zones."""
    return {
        zone.pk: FoldRules(
            id=zone.pk, reentry=cast("Reentry", zone.reentry), resets=sorted(zone.resets)
        )
        for zone in zones
    }


def _circumstances(delegates: Collection[int]) -> Circumstances:
    revoked: defaultdict[int, dict[str, int | None]] = defaultdict(dict)
    badges = Badge.objects.filter(delegate__among=delegates, revoked_at__isnull=False)
    for delegate, lookup, revoked_at in badges.order_by().values_list(
        "delegate_id", "lookup", "revoked_at"
    ):
        if revoked_at:
            revoked[delegate][lookup] = round(revoked_at.timestamp() * 1000)
    blocked: defaultdict[int, list[Window]] = defaultdict(list)
    for block in Block.objects.filter(delegate__among=delegates).order_by():
        blocked[block.delegate_id].append(
            (
                round(block.since.timestamp() * 1000),
                round(block.until.timestamp() * 1000) if block.until else None,
            )
        )
    return Circumstances(revoked, blocked)


def _fact(row: tuple[object, ...]) -> Fact:
    scan_id, device, seq, lookup, gate, zone, direction, t_ms, uncertain, decided, shown, annuls = (
        row
    )
    return Fact(
        scan_id=str(scan_id),
        device=str(device),
        seq=cast("int", seq),
        lookup=cast("str", lookup) or "",
        gate=cast("int", gate),
        zone=cast("int", zone),
        direction=cast("Direction", direction),
        t_ms=cast("int", t_ms),
        uncertain=bool(uncertain),
        verdict=cast("str | None", shown or decided),
        annuls=str(annuls) if annuls else None,
    )
