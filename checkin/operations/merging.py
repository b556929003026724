"""Scans that phones bring: stored item by item, and the presence that follows from all of them.

What the guard saw stands; nothing is judged here (CP1, sections 2, 5 to 7).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from checkin import fold
from checkin.errors import Contended
from checkin.fold import Fold
from checkin.merge import Fact, is_same_scan
from checkin.messages import Code, Direction, FoldRules, Record, Reentry, Window
from checkin.models import Block, Conflict, Device, Gate, Presence, Scan, Zone
from checkin.operations.keeping import Stay, gone, keep, stay_of, swap
from checkin.operations.recording import new_scan, record_of
from delegates.models import Badge

_ATTEMPTS = 8
_UNHEARD = (Scan.Quarantine.HELD, Scan.Quarantine.REJECTED)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one uploaded record; ``code`` names the fault of an invalid one."""

    scan_id: str | None
    result: Literal["stored", "duplicate", "invalid"]
    verdict: str | None = None
    alerts: tuple[str, ...] = ()
    code: str = ""


def store_scans(*, device: Device, records: Sequence[Record], now: datetime) -> list[Told]:
    """Store what a phone has scanned, each record by itself; the answers are in the same order.

    A record that is known fills what was not told yet and changes nothing else. A zone or gate
    that exists but is not this device's is stored all the same: it happened.
    """
    zones = set(Zone.objects.filter(conference=device.conference_id).values_list("pk", flat=True))
    gates = set(Gate.objects.filter(conference=device.conference_id).values_list("pk", flat=True))
    lookups = {record["lookup"] for record in records if record["lookup"]}
    persons = {
        lookup: (badge, delegate)
        for lookup, badge, delegate in Badge.objects.filter(
            conference=device.conference_id, lookup__in=lookups
        ).values_list("lookup", "pk", "delegate_id")
    }
    told: list[Told] = []
    with transaction.atomic():
        for record in records:
            if record["zone"] not in zones or record["gate"] not in gates:
                told.append(Told(record["scan_id"], "invalid", code="zone_unknown"))
                continue
            person = persons.get(record["lookup"] or "")
            told.append(_store(device, record, now, person))
    touched = {persons[record["lookup"]][1] for record in records if record["lookup"] in persons}
    # After the scans are committed: a scan on its way online takes presence first, then its row,
    # and must not meet us half way. Whoever dies here is sent the same records again.
    with transaction.atomic():
        refold(delegates=sorted(touched), now=now)
    return _with_alerts(device, records, told)


def refold(*, delegates: Iterable[int], now: datetime) -> None:
    """Bring presence and conflicts of these persons to what all their scans come to."""
    for delegate in delegates:
        for _attempt in range(_ATTEMPTS):
            if _refold_once(delegate, now):
                break
        else:
            raise Contended


def _store(device: Device, record: Record, now: datetime, person: tuple[int, int] | None) -> Told:
    scan = new_scan(device, record, now, person=person)
    if keep(scan, before=None, after=None, now=now):
        return Told(record["scan_id"], "stored", scan.shown)
    known = Scan.objects.get(pk=scan.pk)
    if not is_same_scan(str(device.pk), record, str(known.device_id), record_of(known)):
        return Told(record["scan_id"], "invalid", code="scan_id_reused")
    if known.shown is None:
        Scan.objects.filter(pk=scan.pk, shown=None).update(shown=record["shown"])
        known.shown = record["shown"]
    return Told(record["scan_id"], "duplicate", known.verdict)


def _with_alerts(device: Device, records: Sequence[Record], told: list[Told]) -> list[Told]:
    """Add the conflicts that name each scan now, and overrides that were not the device's."""
    ids = [UUID(each.scan_id) for each in told if each.scan_id and each.result != "invalid"]
    named: dict[str, list[str]] = {}
    open_conflicts = Conflict.objects.filter(
        conference=device.conference_id, delegate__scans__in=ids
    ).exclude(state=Conflict.State.MOOT)
    for conflict in open_conflicts.distinct():
        for scan_id in conflict.scans:
            named.setdefault(scan_id, []).append(conflict.kind)
    return [
        Told(
            each.scan_id,
            each.result,
            each.verdict,
            _alerts(device, record, named.get(record["scan_id"], [])),
            each.code,
        )
        if each.result != "invalid"
        else each
        for record, each in zip(records, told, strict=True)
    ]


def _alerts(device: Device, record: Record, kinds: list[str]) -> tuple[str, ...]:
    alerts = sorted(set(kinds))
    if record["shown"] == Code.OVERRIDE_ADMIT and not device.can(Device.Capability.OVERRIDE):
        alerts.append("override_without_capability")
    return tuple(alerts)


def _refold_once(delegate: int, now: datetime) -> bool:
    # Presence is read before the scans: whatever is stored in between changes it, and is seen.
    before = {each.zone_id: each for each in Presence.objects.filter(delegate=delegate)}
    scans = list(Scan.objects.filter(delegate=delegate).exclude(quarantine__in=_UNHEARD))
    if not scans:
        return True
    conference = scans[0].conference_id
    folds = fold.fold_person(
        [_fact(scan) for scan in scans],
        _fold_rules({scan.zone_id for scan in scans} | before.keys()),
        revoked=_revoked(delegate),
        blocked=_blocked(delegate),
    )
    for zone in sorted(folds.keys() | before.keys()):
        seen = stay_of(before[zone]) if zone in before else None
        after = _stay(folds.get(zone), seen)
        if after is None or after == seen:
            continue
        if not swap(
            conference=conference, delegate=delegate, zone=zone, before=seen, after=after, now=now
        ):
            return False
    _raise_conflicts(conference, delegate, folds, now)
    return True


def _stay(folded: Fold | None, seen: Stay | None) -> Stay | None:
    if folded is None:
        return gone(seen) if seen else None
    return Stay(folded.presence, entries=folded.entries, first_in_ms=folded.first_in_ms)


def _fact(scan: Scan) -> Fact:
    direction: Direction = "in" if scan.direction == "in" else "out"
    return Fact(
        scan_id=str(scan.pk),
        device=str(scan.device_id),
        seq=scan.seq,
        lookup=scan.lookup or "",
        gate=scan.gate_id,
        zone=scan.zone_id,
        direction=direction,
        t_ms=scan.effective_ms,
        uncertain=scan.uncertain,
        verdict=scan.verdict,
        annuls=str(scan.annuls) if scan.annuls else None,
    )


def _fold_rules(zones: Iterable[int]) -> dict[int, FoldRules]:
    return {
        zone.pk: FoldRules(
            id=zone.pk, reentry=cast("Reentry", zone.reentry), resets=sorted(zone.resets)
        )
        for zone in Zone.objects.filter(pk__in=list(zones))
    }


def _revoked(delegate: int) -> dict[str, int | None]:
    return {
        lookup: round(revoked_at.timestamp() * 1000)
        for lookup, revoked_at in Badge.objects.filter(
            Q(revoked_at__isnull=False), delegate=delegate
        ).values_list("lookup", "revoked_at")
        if revoked_at
    }


def _blocked(delegate: int) -> list[Window]:
    return [
        (
            round(block.since.timestamp() * 1000),
            round(block.until.timestamp() * 1000) if block.until else None,
        )
        for block in Block.objects.filter(delegate=delegate)
    ]


def _raise_conflicts(conference: int, delegate: int, folds: dict[int, Fold], now: datetime) -> None:
    """Raise each conflict once; one that is no longer true becomes moot, for good."""
    true = {clash.id: (zone, clash) for zone, each in folds.items() for clash in each.clashes}
    Conflict.objects.filter(delegate=delegate, state=Conflict.State.OPEN).exclude(
        pk__in=true
    ).update(state=Conflict.State.MOOT)
    Conflict.objects.bulk_create(
        [
            Conflict(
                id=conflict,
                conference_id=conference,
                delegate_id=delegate,
                zone_id=zone,
                kind=clash.kind.value,
                scans=list(clash.scans),
                raised_at=now,
            )
            for conflict, (zone, clash) in true.items()
        ],
        ignore_conflicts=True,
    )
