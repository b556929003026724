"""What the look at the doors finds about gates: guessed codes, many overrides, silence."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q

from checkin.effective_time import instant
from checkin.live.doors import SILENT_AFTER
from checkin.messages import Code
from checkin.models import Alert, Device, Scan
from checkin.operations.alerting import Occasion
from checkin.operations.handing_out import LEASE_MS
from checkin.operations.watched_people import ENTRIES, LOOK_BACK
from conference.models import Conference

#: More different codes than these, unknown to us, at one gate within the window.
UNKNOWN_CODES = 20
UNKNOWN_WITHIN_MS = 300_000
#: One flood is told of once in this time.
_FLOOD_MS = 900_000
_FLOODS_WITHIN = timedelta(hours=2)
#: Overrides in a hundred entries of the last hour; of fewer entries a share says nothing.
OVERRIDE_PERCENT = 5
OVERRIDE_WITHIN = timedelta(hours=1)
LEAST_ENTRIES = 20
LEAST_OVERRIDES = 3
#: A gate where nobody was scanned for this long is not in use, and may be silent.
GATE_IN_USE = timedelta(hours=2)

_HOUR_MS = 3_600_000
_UNKNOWN = Q(shown=Code.UNKNOWN) | Q(shown=None, decided=Code.UNKNOWN)


def unknown_codes(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the gates at which many different unknown codes were tried within five minutes."""
    since = _ms(now - _FLOODS_WITHIN)
    tried: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    unknown = Scan.objects.filter(_UNKNOWN, conference=conference, effective_ms__gte=since)
    for gate, t_ms, unknown_hash, lookup in unknown.order_by("effective_ms").values_list(
        "gate_id", "effective_ms", "unknown_hash", "lookup"
    ):
        tried[gate].append((t_ms, unknown_hash or lookup or ""))
    found: dict[str, Occasion] = {}
    for gate, attempts in tried.items():
        for t_ms, codes in _floods(attempts):
            key = f"{Alert.Kind.UNKNOWN_CODES}:{gate}:{t_ms // _FLOOD_MS}"
            occasion = Occasion(
                kind=Alert.Kind.UNKNOWN_CODES,
                key=key,
                happened_at=instant(t_ms),
                gate=gate,
                params={"codes": codes, "minutes": UNKNOWN_WITHIN_MS // 60_000},
            )
            found.setdefault(key, occasion)
    return list(found.values())


def override_rates(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the gates at which staff waved many through in the last hour, once an hour."""
    recent = Scan.objects.filter(
        ENTRIES,
        conference=conference,
        effective_ms__gte=_ms(now - OVERRIDE_WITHIN),
        effective_ms__lte=_ms(now),
    )
    counted = (
        recent.values("gate")
        .annotate(entries=Count("pk"), overrides=Count("pk", filter=Q(shown=Code.OVERRIDE_ADMIT)))
        .order_by("gate")
    )
    return [
        Occasion(
            kind=Alert.Kind.OVERRIDE_RATE,
            key=f"{Alert.Kind.OVERRIDE_RATE}:{row['gate']}:{_ms(now) // _HOUR_MS}",
            happened_at=now,
            gate=row["gate"],
            params={"overrides": row["overrides"], "entries": row["entries"]},
        )
        for row in counted
        if row["entries"] >= LEAST_ENTRIES
        and row["overrides"] >= LEAST_OVERRIDES
        and row["overrides"] * 100 > row["entries"] * OVERRIDE_PERCENT
    ]


def overrides_without_capability(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the phones that waved people through without being allowed to, once an hour each."""
    found: dict[str, Occasion] = {}
    overrides = Scan.objects.filter(
        conference=conference,
        shown=Code.OVERRIDE_ADMIT,
        effective_ms__gte=_ms(now - LOOK_BACK),
    ).select_related("device")
    for scan in overrides.order_by("effective_ms", "pk"):
        if scan.device.can(Device.Capability.OVERRIDE):
            continue
        hour = scan.effective_ms // _HOUR_MS
        key = f"{Alert.Kind.OVERRIDE_WITHOUT_CAPABILITY}:{scan.device_id}:{hour}"
        occasion = Occasion(
            kind=Alert.Kind.OVERRIDE_WITHOUT_CAPABILITY,
            key=key,
            happened_at=instant(scan.effective_ms),
            delegate=scan.delegate_id,
            device=scan.device_id,
            gate=scan.gate_id,
            zone=scan.zone_id,
        )
        found.setdefault(key, occasion)
    return list(found.values())


def silent_gates(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the gates in use none of whose phones was heard for a while, by the cause's key."""
    phones: defaultdict[int, list[datetime]] = defaultdict(list)
    for device in _at_work(conference, now):
        if device.last_seen_at is not None:
            phones[device.gate_id].append(device.last_seen_at)
    silent = {gate: max(seen) for gate, seen in phones.items() if now - max(seen) > SILENT_AFTER}
    in_use = _gates_in_use(conference, list(silent), now)
    return [
        Occasion(
            kind=Alert.Kind.SILENT_GATE,
            key=f"{Alert.Kind.SILENT_GATE}:{gate}",
            happened_at=since,
            gate=gate,
            params={"phones": len(phones[gate])},
        )
        for gate, since in silent.items()
        if gate in in_use
    ]


def _at_work(conference: Conference, now: datetime) -> list[Device]:
    """Return the phones that should be heard.

    A phone whose guard went, that locked itself when its lease was over, or all of whose zones are
    closed, has every reason to be silent.
    """
    enrolled = Device.objects.filter(
        conference=conference,
        token_hash__isnull=False,
        revoked_at=None,
        suspended_at=None,
        valid_until__gt=now,
        last_seen_at__gt=now - timedelta(milliseconds=LEASE_MS),
    )
    at = _ms(now)
    return [
        device
        for device in enrolled.prefetch_related("zones")
        if not device.has_ended_its_shift
        and any(_is_open(zone.windows, at) for zone in device.zones.all())
    ]


def _gates_in_use(conference: Conference, gates: Sequence[int], now: datetime) -> set[int]:
    """Return those of the gates where somebody was scanned lately."""
    if not gates:
        return set()
    return set(
        Scan.objects.filter(
            conference=conference,
            gate__in=gates,
            effective_ms__gte=_ms(now - GATE_IN_USE),
            effective_ms__lte=_ms(now),
        )
        .order_by()
        .values_list("gate_id", flat=True)
        .distinct()
    )


def _is_open(windows: Sequence[Sequence[int | None]], at: int) -> bool:
    return not windows or any(
        (start is None or start <= at) and (end is None or at < end) for start, end in windows
    )


def _floods(attempts: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Return when too many different codes had been tried within the window, and how many."""
    found: list[tuple[int, int]] = []
    within: defaultdict[str, int] = defaultdict(int)
    first = 0
    for t_ms, code in attempts:
        within[code] += 1
        while attempts[first][0] <= t_ms - UNKNOWN_WITHIN_MS:
            gone = attempts[first][1]
            within[gone] -= 1
            if not within[gone]:
                del within[gone]
            first += 1
        if len(within) > UNKNOWN_CODES:
            found.append((t_ms, len(within)))
    return found


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
