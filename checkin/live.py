"""Arrivals as they stand: counted once a second for all who watch (CP1, section 8).

All figures are of persons: gates, repeats and reprinted badges never count anybody twice.
"""

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum
from redis.exceptions import RedisError

from checkin.effective_time import period
from checkin.figures import Arrival, Clash, DelegationCount, Snapshot, ZoneCount
from checkin.models import Conflict, Presence, Scan, Zone
from conference.models import Conference
from delegates.models import Delegate, Delegation

#: A count is shown to all watchers for this long; an older one stands in while it is made anew.
FRESH_MS = 1000
_STANDS_IN_MS = 5000
_KEPT_S = 60
LAST = 12
MOST_CLASHES = 20
_LISTS = frozenset({"zones", "delegations", "last", "clashes"})

_FIRST_ENTRIES = """
SELECT first_ms / 900000, count(*)
  FROM (SELECT min(first_in_ms) AS first_ms FROM checkin_presence
         WHERE conference_id = %s AND first_in_ms IS NOT NULL GROUP BY delegate_id) AS firsts
 GROUP BY 1 ORDER BY 1
"""


def snapshot(conference: Conference, *, now: datetime) -> Snapshot:
    """Return the counts of the conference, at most a second old; few queries, for all watchers.

    Where the shared cache is gone each watcher counts alone.
    """
    now_ms = round(now.timestamp() * 1000)
    key = f"checkin:live:{conference.pk}"
    try:
        kept: Snapshot | None = cache.get(key)
        if kept is not None and 0 <= now_ms - kept.as_of_ms < FRESH_MS:
            return kept
        if not cache.add(f"{key}:counting", 1, timeout=_STANDS_IN_MS // 1000) and (
            kept is not None and 0 <= now_ms - kept.as_of_ms < _STANDS_IN_MS
        ):
            return kept
    except (RedisError, OSError):
        return count(conference, now_ms=now_ms)
    counted = count(conference, now_ms=now_ms)
    try:
        cache.set(key, counted, timeout=_KEPT_S)
        cache.delete(f"{key}:counting")
    except (RedisError, OSError):
        return counted
    return counted


def count(conference: Conference, *, now_ms: int) -> Snapshot:
    """Count anew: the same few queries, whatever the number of people and scans."""
    zones = list(conference.zones.all())
    inside_now = _inside_at(zones, now_ms)
    presences = Presence.objects.filter(conference=conference)
    persons = presences.aggregate(
        arrived=Count("delegate", filter=Q(entries__gt=0), distinct=True),
        inside=Count("delegate", filter=inside_now, distinct=True),
    )
    counted: dict[str, Any] = {
        "expected": Delegate.objects.accredited().filter(conference=conference).count(),
        "arrived": persons["arrived"],
        "inside": persons["inside"],
        "unidentified": _unidentified(conference),
        "zones": _zones(zones, presences.filter(), inside_now),
        "delegations": _delegations(conference),
        "quarters": _quarters(conference),
        "last": _last(conference),
        "clashes": _clashes(conference),
    }
    plain = {
        name: [asdict(each) for each in value] if name in _LISTS else value
        for name, value in counted.items()
    }
    version = sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()[:20]
    return Snapshot(as_of_ms=now_ms, version=version, **counted)


def _inside_at(zones: list[Zone], now_ms: int) -> Q:
    """Return which presences stand: inside, and no reset of their zone since the stay began."""
    standing = Q(pk__in=[])
    for zone in zones:
        standing |= Q(zone=zone.pk, in_ms__gte=period(sorted(zone.resets), now_ms))
    return Q(inside=True) & standing


def _zones(zones: list[Zone], presences: Any, inside_now: Q) -> list[ZoneCount]:
    figures = {
        row["zone"]: row
        for row in presences.values("zone")
        .annotate(
            arrived=Count("pk", filter=Q(entries__gt=0)),
            within=Count("pk", filter=inside_now),
            went_in=Sum("entries"),
        )
        .order_by()
    }
    nobody = {"arrived": 0, "within": 0, "went_in": 0}
    counts: list[ZoneCount] = []
    for zone in zones:
        row = figures.get(zone.pk, nobody)
        counts.append(
            ZoneCount(
                zone.pk,
                zone.name_en,
                zone.name_zh,
                zone.capacity,
                arrived=row["arrived"],
                inside=row["within"],
                entries=row["went_in"] or 0,
            )
        )
    return counts


def _delegations(conference: Conference) -> list[DelegationCount]:
    came = Presence.objects.filter(delegate=OuterRef("pk"), entries__gt=0)
    people = (
        Delegate.objects.filter(conference=conference)
        .annotate(came=Exists(came))
        .values("delegation")
        .annotate(
            expected=Count(
                "pk", filter=Q(accreditation__state="approved", withdrawn_at__isnull=True)
            ),
            arrived=Count("pk", filter=Q(came=True)),
            heads=Count("pk", filter=Q(came=True, role=Delegate.Role.HEAD)),
        )
        .order_by()
    )
    figures = {row["delegation"]: row for row in people}
    return [
        DelegationCount(
            each.pk,
            each.name_en,
            each.name_zh,
            expected=figures[each.pk]["expected"],
            arrived=figures[each.pk]["arrived"],
            head_here=figures[each.pk]["heads"] > 0,
        )
        for each in Delegation.objects.of(conference).only("pk", "name_en", "name_zh")
        if each.pk in figures and (figures[each.pk]["expected"] or figures[each.pk]["arrived"])
    ]


def _quarters(conference: Conference) -> list[tuple[int, int]]:
    """Return quarters of an hour since the epoch, and how many persons first came in each."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_ENTRIES, [conference.pk])
        return [(int(quarter), int(number)) for quarter, number in cursor.fetchall()]


def _last(conference: Conference) -> list[Arrival]:
    """Return the latest first entries, the newest first."""
    earlier = Presence.objects.filter(
        delegate=OuterRef("delegate"), first_in_ms__lt=OuterRef("first_in_ms")
    )
    firsts = list(
        Presence.objects.filter(~Exists(earlier), conference=conference, first_in_ms__isnull=False)
        .select_related("delegate__delegation", "zone", "gate")
        .order_by("-first_in_ms", "-pk")[:LAST]
    )
    gates = _gates_of(firsts)
    return [_arrival(each, gates.get((each.delegate_id, each.zone_id))) for each in firsts]


def _clashes(conference: Conference) -> list[Clash]:
    """Return the conflicts that wait, the newest first."""
    waiting = (
        Conflict.objects.filter(conference=conference, state=Conflict.State.OPEN)
        .select_related("delegate__delegation", "zone")
        .order_by("-raised_at", "pk")[:MOST_CLASHES]
    )
    return [
        Clash(
            id=each.pk,
            kind=each.kind,
            name=each.delegate.display_name,
            other_name=each.delegate.other_name,
            delegation_en=each.delegate.delegation.name_en,
            delegation_zh=each.delegate.delegation.name_zh,
            zone_en=each.zone.name_en,
            zone_zh=each.zone.name_zh,
            raised_ms=round(each.raised_at.timestamp() * 1000),
        )
        for each in waiting
    ]


def _gates_of(firsts: list[Presence]) -> dict[tuple[int | None, int], tuple[str, str]]:
    """Return the gates of these first entries, which a later stay may have hidden."""
    scans = Scan.objects.filter(
        delegate__in=[each.delegate_id for each in firsts],
        effective_ms__in=[each.first_in_ms for each in firsts],
        direction="in",
    ).select_related("gate")
    return {
        (scan.delegate_id, scan.zone_id): (scan.gate.name_en, scan.gate.name_zh) for scan in scans
    }


def _arrival(first: Presence, gate: tuple[str, str] | None) -> Arrival:
    person, zone = first.delegate, first.zone
    if gate is None:
        gate = (first.gate.name_en, first.gate.name_zh) if first.gate else ("", "")
    return Arrival(
        delegate=person.pk,
        name=person.display_name,
        other_name=person.other_name,
        title_en=person.title_en,
        title_zh=person.title_zh,
        delegation_en=person.delegation.name_en,
        delegation_zh=person.delegation.name_zh,
        vip=person.vip,
        gate_en=gate[0],
        gate_zh=gate[1],
        zone_en=zone.name_en,
        zone_zh=zone.name_zh,
        at_ms=first.first_in_ms or 0,
    )


def _unidentified(conference: Conference) -> int:
    """Return how many distinct badges that are nobody's were let in."""
    return (
        Scan.objects.filter(
            conference=conference, delegate=None, lookup__isnull=False, direction="in"
        )
        .filter(
            Q(shown__in=("admit", "admit_provisional", "override_admit"))
            | Q(shown=None, decided__in=("admit", "admit_provisional"))
        )
        .exclude(quarantine__in=(Scan.Quarantine.HELD, Scan.Quarantine.REJECTED))
        .values("lookup")
        .distinct()
        .count()
    )
