"""Quarantine: what a revoked phone brings is held apart, until a person accepts or rejects it.

Held and rejected deliveries do not exist for presence, counts and conflicts (CP1, section 5);
accepted ones are like all others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkin.effective_time import effective_time
from checkin.merge import is_same_scan
from checkin.messages import Record
from checkin.models import Device, HeldScan, Scan
from checkin.operations import alerting, merging, storing
from checkin.operations.recording import COLUMNS, device_of, record_of
from checkin.operations.storing import Told
from conference.models import Conference, User
from conference.operations import auditing


@dataclass(frozen=True, slots=True)
class Settled:
    """How many deliveries were settled, and which could not be: their ids name other scans."""

    count: int
    refused: tuple[UUID, ...] = ()


@transaction.atomic
def hold_scans(*, device: Device, records: Sequence[Record], now: datetime) -> list[Told]:
    """Hold what a revoked phone brings, each record by itself; the answers are in the same order.

    A scan of which it is known already what the guard saw is a duplicate, wherever that stands.
    """
    zones, gates = storing.places_of(device.conference_id)
    sound = [each for each in records if each["zone"] in zones and each["gate"] in gates]
    stored, before = _stored(sound), _held(sound)
    new = [each for each in sound if _may_be_held(device, each, stored, before)]
    _hold(device, new, now)
    # Read again: of two at once that bring one id, one was first.
    held = _held(sound)
    told: list[Told] = []
    heard: set[str] = set()
    for record in records:
        scan_id = record["scan_id"]
        if record["zone"] not in zones or record["gate"] not in gates:
            told.append(_invalid(scan_id, "zone_unknown"))
        elif any(not _is_same(device, record, known.get(scan_id)) for known in (stored, held)):
            told.append(_invalid(scan_id, "scan_id_reused"))
        elif scan_id in held and scan_id not in before and scan_id not in heard:
            told.append(Told(scan_id, "quarantined", held=True))
        else:
            told.append(Told(scan_id, "duplicate", held=True))
        heard.add(scan_id)
    return told


@transaction.atomic
def accept_scans(
    *,
    conference: Conference,
    scans: Iterable[UUID],
    now: datetime,
    actor: User | None = None,
    reason: str = "",
) -> Settled:
    """Let held deliveries count like all others; those settled already are left as they are.

    A delivery whose id another scan has taken meanwhile cannot be accepted and stays held.
    """
    refused: list[UUID] = []
    touched: set[int] = set()
    count = 0
    for device, held in _waiting(conference, scans).items():
        records: list[Record] = [each.record for each in held]
        persons = storing.persons_of(conference.pk, records)
        told = storing.put_scans(
            device=device,
            records=records,
            persons=persons,
            now=now,
            quarantine=Scan.Quarantine.ACCEPTED,
        )
        stands = [each.result != "invalid" for each in told]
        accepted = [each.pk for each, is_in in zip(held, stands, strict=True) if is_in]
        refused += [each.pk for each, is_in in zip(held, stands, strict=True) if not is_in]
        _settle(device, accepted, HeldScan.State.ACCEPTED, now=now, actor=actor, reason=reason)
        touched |= {persons[each["lookup"]][1] for each in records if each["lookup"] in persons}
        count += len(accepted)
    merging.refold(delegates=touched, now=now)
    if touched:
        alerting.wake_soon(conference=conference.pk)
    return Settled(count, tuple(refused))


@transaction.atomic
def reject_scans(
    *,
    conference: Conference,
    scans: Iterable[UUID],
    now: datetime,
    actor: User | None = None,
    reason: str = "",
) -> Settled:
    """Leave held deliveries out for good; those settled already are left as they are."""
    count = 0
    for device, held in _waiting(conference, scans).items():
        _settle(
            device,
            [each.pk for each in held],
            HeldScan.State.REJECTED,
            now=now,
            actor=actor,
            reason=reason,
        )
        count += len(held)
    return Settled(count)


def _stored(records: Iterable[Record]) -> dict[str, tuple[str, Record]]:
    """Return device and record of the scans with these ids that stand in the usual place."""
    rows = Scan.objects.filter(pk__among=[each["scan_id"] for each in records])
    known = ((device_of(row), record_of(row)) for row in rows.values_list(*COLUMNS))
    return {record["scan_id"]: (device, record) for device, record in known}


def _held(records: Iterable[Record]) -> dict[str, tuple[str, Record]]:
    """Return device and record of the deliveries with these ids, whatever became of them."""
    rows = HeldScan.objects.filter(pk__among=[each["scan_id"] for each in records])
    return {
        str(scan): (str(device), record)
        for scan, device, record in rows.values_list("pk", "device_id", "record")
    }


def _may_be_held(
    device: Device,
    record: Record,
    stored: Mapping[str, tuple[str, Record]],
    held: Mapping[str, tuple[str, Record]],
) -> bool:
    known = stored.get(record["scan_id"])
    if known is not None and (known[1]["shown"] is not None or not _is_same(device, record, known)):
        return False
    return record["scan_id"] not in held


def _is_same(device: Device, record: Record, known: tuple[str, Record] | None) -> bool:
    return known is None or is_same_scan(str(device.pk), record, *known)


def _hold(device: Device, records: Iterable[Record], now: datetime) -> None:
    first = {record["scan_id"]: record for record in reversed(list(records))}
    persons = storing.persons_of(device.conference_id, first.values())
    nobody = (None, None)
    HeldScan.objects.bulk_create(
        [
            HeldScan(
                id=UUID(scan_id),
                conference_id=device.conference_id,
                device=device,
                delegate_id=persons.get(record["lookup"], nobody)[1],
                record=record,
                effective_ms=effective_time(record).t_ms,
                received_at=now,
            )
            # In one order for all: two that bring the same ones do not wait for each other.
            for scan_id, record in sorted(first.items())
        ],
        ignore_conflicts=True,
    )


def _waiting(conference: Conference, scans: Iterable[UUID]) -> dict[Device, list[HeldScan]]:
    """Return the held ones among these deliveries by device, locked."""
    waiting = (
        HeldScan.objects.select_for_update(of=("self",))
        .filter(conference=conference, pk__in=list(scans), state=HeldScan.State.HELD)
        .select_related("device")
        .order_by("pk")
    )
    by_device: defaultdict[Device, list[HeldScan]] = defaultdict(list)
    for held in waiting:
        by_device[held.device].append(held)
    return by_device


def _settle(
    device: Device,
    scans: Collection[UUID],
    state: HeldScan.State,
    *,
    now: datetime,
    actor: User | None,
    reason: str,
) -> None:
    if not scans:
        return
    HeldScan.objects.filter(pk__in=scans).update(state=state, settled_at=now, settled_by=actor)
    auditing.record(
        action=f"held_scan.{state}",
        target=device,
        conference=device.conference,
        actor=actor,
        after={"scans": sorted(str(each) for each in scans)},
        reason=reason,
        now=now,
    )


def _invalid(scan_id: str, code: str) -> Told:
    return Told(scan_id, "invalid", code=code, held=True)
