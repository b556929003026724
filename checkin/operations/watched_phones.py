"""What the look at the doors finds about phones: scans that never came, and scans that wait."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Window
from django.db.models.functions import Lag

from checkin.effective_time import instant
from checkin.models import Alert, Device, HeldScan, Scan
from checkin.operations.alerting import Occasion
from conference.models import Conference

#: So long after the scan above a gap came, the missing ones are no longer just on their way.
GRACE = timedelta(minutes=10)
#: A phone that says itself that scans wait on it is given this long.
GRACE_WITH_QUEUE = timedelta(hours=1)
#: So many gaps of one phone are told of; more say no more.
GAPS_TOLD = 5


def missing_scans(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the gaps in what each phone has numbered, by the cause's key.

    Phones number their scans from one. A gap that is filled later is none any more.
    """
    counted = (
        Scan.objects.filter(conference=conference)
        .order_by()
        .values("device")
        .annotate(came=Count("pk"), last=Max("seq"))
        .exclude(came=F("last"))
    )
    devices = Device.objects.in_bulk([row["device"] for row in counted])
    found: list[Occasion] = []
    for device in devices.values():
        grace = GRACE_WITH_QUEUE if device.queued else GRACE
        found += _gaps(device, before=now - grace)
    return found


def held_scans(conference: Conference) -> list[Occasion]:
    """Return the revoked phones whose scans wait for a person, by the cause's key."""
    held = (
        HeldScan.objects.filter(conference=conference, state=HeldScan.State.HELD)
        .order_by()
        .values("device", "device__gate")
        .annotate(scans=Count("pk"), since=Min("received_at"))
    )
    return [
        Occasion(
            kind=Alert.Kind.QUARANTINE,
            key=f"{Alert.Kind.QUARANTINE}:{row['device']}",
            happened_at=row["since"],
            device=row["device"],
            gate=row["device__gate"],
            params={"scans": row["scans"]},
        )
        for row in held
    ]


def _gaps(device: Device, *, before: datetime) -> list[Occasion]:
    """Return the gaps below scans that came before this moment."""
    numbered = (
        Scan.objects.filter(device=device)
        .annotate(previous=Window(Lag("seq", default=0), order_by=F("seq").asc()))
        .filter(previous__lt=F("seq") - 1)
        .order_by("seq")
        .values_list("previous", "seq", "received_at", "effective_ms", "gate_id")
    )
    held = _held(device) if device.revoked_at else frozenset[int]()
    found = []
    for previous, seq, received_at, t_ms, gate in numbered:
        number = seq - previous - 1 - sum(previous < each < seq for each in held)
        if received_at > before or not number:
            continue
        # A phone may number as it likes: nothing is made for each number.
        first, last = previous + 1, seq - 1
        while first in held:
            first += 1
        while last in held:
            last -= 1
        found.append(
            Occasion(
                kind=Alert.Kind.SEQ_GAP,
                key=f"{Alert.Kind.SEQ_GAP}:{device.pk}:{previous}",
                happened_at=min(instant(t_ms), received_at),
                device=device.pk,
                gate=gate,
                params={"scans": number, "first": first, "last": last},
            )
        )
        if len(found) == GAPS_TOLD:
            break
    return found


def _held(device: Device) -> frozenset[int]:
    """Return the numbers of the scans that came by way of quarantine, whatever became of them."""
    records = HeldScan.objects.filter(device=device).values_list("record", flat=True)
    return frozenset(record["seq"] for record in records)
