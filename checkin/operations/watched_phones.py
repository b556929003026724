"""What the look at the doors finds about phones: scans that never came, and scans that wait."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

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


class _Came(NamedTuple):
    """What is told of a scan above a gap."""

    seq: int
    received_at: datetime
    t_ms: int
    gate: int


def missing_scans(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the gaps in what each phone has numbered, by the cause's key.

    Phones number their scans from one. A gap that is filled later is none any more. A scan that
    came by way of quarantine has come, whatever became of it: it fills a gap, and shows one below.
    """
    counted = (
        Scan.objects.filter(conference=conference)
        .order_by()
        .values("device")
        .annotate(came=Count("pk"), last=Max("seq"))
        .exclude(came=F("last"))
    )
    held = HeldScan.objects.filter(conference=conference).order_by().values("device").distinct()
    devices = Device.objects.in_bulk({row["device"] for row in (*counted, *held)})
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
    found = []
    for below, (seq, received_at, t_ms, gate) in _steps(device):
        # A phone may number as it likes: nothing is made for each number.
        number = seq - below - 1
        if received_at > before or number < 1:
            continue
        found.append(
            Occasion(
                kind=Alert.Kind.SEQ_GAP,
                key=f"{Alert.Kind.SEQ_GAP}:{device.pk}:{below}",
                happened_at=min(instant(t_ms), received_at),
                device=device.pk,
                gate=gate,
                params={"scans": number, "first": below + 1, "last": seq - 1},
            )
        )
        if len(found) == GAPS_TOLD:
            break
    return found


def _steps(device: Device) -> Iterator[tuple[int, _Came]]:
    """Yield what came above each gap in the scans, with the number below; held ones part a gap."""
    scans = Scan.objects.filter(device=device)
    gaps = (
        scans.annotate(below=Window(Lag("seq", default=0), order_by=F("seq").asc()))
        .filter(below__lt=F("seq") - 1)
        .order_by("seq")
        .values_list("below", "seq", "received_at", "effective_ms", "gate_id")
    )
    held = deque(_held(device) if device.revoked_at else ())
    for below, seq, received_at, t_ms, gate in gaps:
        came, step = _Came(seq, received_at, t_ms, gate), below
        while held and held[0].seq < came.seq:
            part = held.popleft()
            if part.seq > below:
                yield step, part
                step = part.seq
        yield step, came
    step = last = scans.aggregate(last=Max("seq", default=0))["last"]
    for part in held:
        if part.seq > last:
            yield step, part
            step = part.seq


def _held(device: Device) -> list[_Came]:
    """Return what came by way of quarantine, whatever became of it, by number."""
    rows = HeldScan.objects.filter(device=device).values_list(
        "record__seq", "received_at", "effective_ms", "record__gate"
    )
    return sorted(_Came(*row) for row in rows)
