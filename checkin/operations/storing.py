"""Records that phones bring as rows: each by itself, all of them in a few statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Case, Value, When

from checkin.merge import is_same_scan
from checkin.messages import Record
from checkin.models import Device, Gate, Scan, Zone
from checkin.operations.keeping_many import keep_many
from checkin.operations.recording import COLUMNS, device_of, record_of, row_of
from delegates.models import Badge


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one uploaded record; ``code`` names the fault of an invalid one.

    ``held`` says that it was brought to quarantine, where there is no verdict.
    """

    scan_id: str | None
    result: Literal["stored", "duplicate", "quarantined", "invalid"]
    verdict: str | None = None
    alerts: tuple[str, ...] = ()
    code: str = ""
    held: bool = False


def persons_of(conference: int, records: Iterable[Record]) -> dict[str | None, tuple[int, int]]:
    """Return (badge, delegate) by lookup for the badges of the conference among these records."""
    lookups = {record["lookup"] for record in records if record["lookup"]}
    badges = Badge.objects.filter(conference=conference, lookup__among=lookups)
    return {
        lookup: (badge, delegate)
        for lookup, badge, delegate in badges.values_list("lookup", "pk", "delegate_id")
    }


def places_of(conference: int) -> tuple[set[int], set[int]]:
    """Return the zones and the gates that there are at this conference."""
    zones = Zone.objects.filter(conference=conference).values_list("pk", flat=True)
    gates = Gate.objects.filter(conference=conference).values_list("pk", flat=True)
    return set(zones), set(gates)


def put_scans(
    *,
    device: Device,
    records: Sequence[Record],
    persons: Mapping[str | None, tuple[int, int]],
    now: datetime,
    quarantine: Scan.Quarantine = Scan.Quarantine.NONE,
) -> list[Told]:
    """Store records in the caller's transaction, and nothing of what follows from them.

    The number of statements does not depend on how many there are.
    """
    zones, gates = places_of(device.conference_id)
    sound = [each for each in records if each["zone"] in zones and each["gate"] in gates]
    first = {record["scan_id"]: record for record in reversed(sound)}
    stored, faulty = keep_many(
        [
            row_of(
                record,
                device=device.pk,
                conference=device.conference_id,
                now=now,
                person=persons.get(record["lookup"]),
                quarantine=quarantine,
            )
            for record in first.values()
        ]
    )
    own = str(device.pk)
    known = {scan_id: (own, first[scan_id]) for scan_id in stored}
    known |= _known(first.keys() - stored - faulty)
    repeats = [
        each
        for scan_id, each in first.items()
        if scan_id not in stored and scan_id in known and is_same_scan(own, each, *known[scan_id])
    ]
    shown = {scan_id: record["shown"] for scan_id, (_device, record) in known.items()}
    shown |= _fill([each for each in repeats if shown[each["scan_id"]] is None])
    told: list[Told] = []
    for record in records:
        scan_id = record["scan_id"]
        if record["zone"] not in zones or record["gate"] not in gates:
            told.append(Told(scan_id, "invalid", code="zone_unknown"))
        elif scan_id not in known:
            told.append(Told(scan_id, "invalid", code="field_invalid"))
        elif not is_same_scan(own, record, *known[scan_id]):
            told.append(Told(scan_id, "invalid", code="scan_id_reused"))
        else:
            result: Literal["stored", "duplicate"] = "stored" if scan_id in stored else "duplicate"
            told.append(Told(scan_id, result, shown[scan_id]))
            stored.discard(scan_id)
    return told


def _known(ids: Collection[str]) -> dict[str, tuple[str, Record]]:
    """Return device and record of scans that are stored already.

    By now they are: whoever stores one of them at once has been waited for.
    """
    if not ids:
        return {}
    rows = Scan.objects.filter(pk__among=ids).values_list(*COLUMNS)
    known = ((device_of(row), record_of(row)) for row in rows)
    return {record["scan_id"]: (device, record) for device, record in known}


def _fill(records: Collection[Record]) -> dict[str, str | None]:
    """Tell what the guard saw of scans where that was not told yet; return what is told now."""
    if not records:
        return {}
    told = {record["scan_id"]: record["shown"] for record in records}
    # Locked in one order for all, and looked at again: what was told first stands.
    locked = Scan.objects.select_for_update(of=("self",)).filter(pk__among=told).order_by("pk")
    before = {str(pk): shown for pk, shown in locked.values_list("pk", "shown")}
    missing = [scan_id for scan_id, shown in before.items() if shown is None]
    Scan.objects.filter(pk__among=missing).update(
        shown=Case(*(When(pk=each, then=Value(told[each])) for each in missing))
    )
    return {scan_id: shown or told[scan_id] for scan_id, shown in before.items()}
