"""Made-up arrivals: scans as a phone writes them, and the presence that follows from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal, cast
from uuid import UUID, uuid5

from checkin.fold import fold_person
from checkin.merge import Fact
from checkin.messages import Code, FoldRules
from checkin.models import Device, Gate, Presence, Scan, Zone
from conference.models import Conference
from delegates.models import Badge, Delegate
from demo.travel import conference_day

SEED = 284
NO_SHOWS = 7
REPEATS = 4
BOOT_NAMESPACE = UUID("6f0e4d5c-2023-4113-8a5c-0c1d00000005")

GATE_ZONES = {"entrance": "venue", "desk": "venue", "hall": "hall", "restaurant": "restaurant"}


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody at a gate: who, where, when, which way, and what the guard was told."""

    delegate: Delegate
    gate: str
    at: datetime
    direction: Literal["in", "out"] = "in"
    code: Code = Code.ADMIT


def passes_of_the_day(attending: list[Delegate]) -> list[Pass]:
    """Return the made-up movements of 3 November 2023, without those who never came."""
    dice = Random(SEED)
    leaving_early = {
        delegate.pk
        for delegate in attending
        if delegate.departure_at and delegate.departure_at < _clock(15 * 60)
    }
    staying = [delegate for delegate in attending if delegate.pk not in leaving_early]
    absent = {delegate.pk for delegate in dice.sample(staying, NO_SHOWS)}
    passes = []
    for delegate in attending:
        if delegate.pk in absent:
            continue
        early = delegate.pk in leaving_early
        came = 7 * 60 + 50 + (dice.randint(0, 66) if dice.random() < 0.93 else 100)
        gate = "desk" if dice.random() < 0.4 else "entrance"
        passes.append(Pass(delegate, gate, _clock(came, dice)))
        passes.append(Pass(delegate, "hall", _clock(came + dice.randint(2, 12), dice)))
        if dice.random() < 0.9:
            passes.append(Pass(delegate, "restaurant", _clock(730 + dice.randint(0, 35), dice)))
        if not early and dice.random() < 0.94:
            passes.append(Pass(delegate, "restaurant", _clock(1110 + dice.randint(0, 25), dice)))
        left = 13 * 60 + 40 if early else 20 * 60 + 32 + dice.randint(0, 40)
        passes.append(Pass(delegate, "entrance", _clock(left, dice), "out", Code.EXIT_OK))
    arrivals = [each for each in passes if each.gate in {"entrance", "desk"}]
    for again in dice.sample([each for each in arrivals if each.direction == "in"], REPEATS):
        later = again.at + timedelta(minutes=4)
        passes.append(Pass(again.delegate, "entrance", later, "in", Code.ALREADY_INSIDE))
    return passes


def _clock(minutes: int, dice: Random | None = None) -> datetime:
    seconds = dice.randint(0, 59) if dice else 0
    local = conference_day() + timedelta(minutes=minutes, seconds=seconds)
    return local.astimezone(UTC)


def load_devices(
    conference: Conference,
    gates: Mapping[str, Gate],
    zones: Mapping[str, Zone],
    *,
    last_seen: datetime,
    until: datetime,
) -> dict[str, Device]:
    """Store one phone for each gate, without a token: nobody holds it any more."""
    devices = {}
    for key, gate in gates.items():
        devices[key] = Device.objects.create(
            id=uuid5(BOOT_NAMESPACE, f"{conference.slug}/{conference.first_day}/{key}"),
            conference=conference,
            name=f"{gate.name_en} phone",
            gate=gate,
            capabilities=["scan", "desk"] if key == "desk" else ["scan"],
            valid_until=until,
            enrolled_at=last_seen - timedelta(days=1),
            last_seen_at=last_seen,
        )
        devices[key].zones.set([zones[GATE_ZONES[key]]])
    return devices


def load_passes(
    conference: Conference,
    passes: Iterable[Pass],
    *,
    devices: Mapping[str, Device],
    zones: Mapping[str, Zone],
    badges: Mapping[int, Badge],
) -> None:
    """Store the scans of these movements, and the presence that the fold makes of them."""
    dice = Random(SEED)
    seq: defaultdict[str, int] = defaultdict(int)
    came: dict[tuple[int, int], dict[str, int | str]] = {}
    scans = []
    for each in sorted(passes, key=lambda each: (each.at, each.delegate.pk)):
        seq[each.gate] += 1
        device = devices[each.gate]
        badge = badges[each.delegate.pk]
        at_ms = int(each.at.timestamp() * 1000) + dice.randint(0, 999)
        boot = uuid5(BOOT_NAMESPACE, f"boot/{device.pk}")
        zone = zones[GATE_ZONES[each.gate]]
        repeated = each.code is Code.ALREADY_INSIDE
        params = came[each.delegate.pk, zone.pk] if repeated else {}
        if each.code is Code.ADMIT:
            came[each.delegate.pk, zone.pk] = {
                "rule": "anti_passback",
                "since_ms": at_ms,
                "gate": device.gate_id,
            }
        mono_ms = at_ms % 86_400_000
        scans.append(
            Scan(
                id=_uuid7(at_ms, dice),
                conference=conference,
                device=device,
                seq=seq[each.gate],
                via="qr",
                lookup=badge.lookup,
                badge=badge,
                delegate=each.delegate,
                gate_id=device.gate_id,
                zone=zone,
                direction=each.direction,
                wall_ms=at_ms,
                boot_id=boot,
                mono_ms=mono_ms,
                anchor={"server_ms": at_ms - 9000, "mono_ms": mono_ms - 9000, "boot_id": str(boot)},
                offline=False,
                effective_ms=at_ms,
                uncertain=False,
                decided=each.code.value,
                decided_params=params,
                received_at=each.at + timedelta(seconds=1),
            )
        )
    Scan.objects.bulk_create(scans)
    Presence.objects.bulk_create(_presence(conference, scans, zones.values()))


def _uuid7(at_ms: int, dice: Random) -> UUID:
    """Return a UUIDv7 of this instant, the same for the same dice."""
    return UUID(
        int=at_ms << 80 | 7 << 76 | dice.getrandbits(12) << 64 | 2 << 62 | dice.getrandbits(62)
    )


def _presence(conference: Conference, scans: list[Scan], zones: Iterable[Zone]) -> list[Presence]:
    rules = {
        zone.pk: cast("FoldRules", {"id": zone.pk, "reentry": zone.reentry, "resets": zone.resets})
        for zone in zones
    }
    by_person: defaultdict[int, list[Scan]] = defaultdict(list)
    for scan in scans:
        by_person[cast("int", scan.delegate_id)].append(scan)
    return [
        Presence(
            conference=conference,
            delegate_id=delegate_id,
            zone_id=fold.zone,
            inside=fold.presence["inside"],
            entries=fold.entries,
            first_in_ms=fold.first_in_ms,
            in_ms=fold.presence["in_ms"],
            in_scan=fold.presence["in_scan"],
            gate_id=fold.presence["gate"],
            at_ms=fold.presence["at_ms"],
            at_scan=fold.presence["at_scan"],
        )
        for delegate_id, theirs in by_person.items()
        for fold in fold_person(map(_fact, theirs), rules).values()
    ]


def _fact(scan: Scan) -> Fact:
    return Fact(
        scan_id=str(scan.pk),
        device=str(scan.device_id),
        seq=scan.seq,
        lookup=cast("str", scan.lookup),
        gate=scan.gate_id,
        zone=scan.zone_id,
        direction=cast("Literal['in', 'out']", scan.direction),
        t_ms=scan.effective_ms,
        uncertain=scan.uncertain,
        verdict=scan.verdict,
    )
