"""From deliveries to the set of scans, and what each scan does (CP1, sections 3 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, cast

from checkin.effective_time import effective_time
from checkin.messages import Code, Delivery, Direction, Record

_ENTERING: Final = frozenset({Code.ADMIT, Code.ADMIT_PROVISIONAL, Code.OVERRIDE_ADMIT})
_ANNULLED_WITHIN_MS = 900_000
# What the guard saw, and whether the phone judged alone, is not part of what makes it that scan.
_IDENTITY = Record.__required_keys__ - {"shown", "offline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One scan, reduced to what the set is made of. ``verdict`` is what the guard saw."""

    scan_id: str
    device: str
    seq: int
    lookup: str
    gate: int
    zone: int
    direction: Direction
    t_ms: int
    uncertain: bool
    verdict: str | None
    annuls: str | None = None

    @classmethod
    def from_delivery(cls, delivery: Delivery) -> Self | None:
        """Return the fact of a merged delivery; None if it names no badge."""
        record = delivery["record"]
        if record["lookup"] is None:
            return None
        t_ms, uncertain = effective_time(record)
        return cls(
            scan_id=record["scan_id"],
            device=delivery["device"],
            seq=record["seq"],
            lookup=record["lookup"],
            gate=record["gate"],
            zone=record["zone"],
            direction=record["direction"],
            t_ms=t_ms,
            uncertain=uncertain,
            verdict=record["shown"] or delivery["decided"],
            annuls=record["annuls"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An entry into a zone or an exit from it, which really happened."""

    kind: Literal["entry", "exit"]
    zone: int
    gate: int | None
    lookup: str
    scan_id: str
    device: str
    seq: int
    t_ms: int
    uncertain: bool = False
    overridden: bool = False

    @property
    def order(self) -> tuple[int, str, int, str]:
        """The key of the one order in which moves are folded (section 6)."""
        return self.t_ms, self.device, self.seq, self.scan_id


def is_same_scan(device: str, record: Record, other_device: str, other: Record) -> bool:
    """Return whether two records with one scan id are the same scan (section 3: identity)."""
    return device == other_device and all(
        cast("dict[str, object]", record)[name] == cast("dict[str, object]", other)[name]
        for name in _IDENTITY
    )


def merge(
    deliveries: Iterable[Delivery], known: Mapping[str, Delivery] | None = None
) -> dict[str, Delivery]:
    """Return one delivery for each scan id, added to those known.

    ``decided`` and ``shown`` are each the first that is not None. Deliveries that are held or
    rejected do not exist; of two different scans with one id the first stands.
    """
    merged = dict(known or {})
    for delivery in deliveries:
        if delivery["quarantine"] in {"held", "rejected"}:
            continue
        scan_id = delivery["record"]["scan_id"]
        first = merged.get(scan_id)
        merged[scan_id] = _filled(first, delivery) if first else delivery
    return merged


def facts(deliveries: Iterable[Delivery]) -> list[Fact]:
    """Return the facts of merged deliveries, without scans that name no badge."""
    return [fact for fact in map(Fact.from_delivery, deliveries) if fact is not None]


def moves(scans: Iterable[Fact]) -> list[Move]:
    """Return the entries and exits among scans, those that were annulled left out.

    All scans of the lookups in question must be given: refusals and annulments too.
    """
    by_id = {scan.scan_id: scan for scan in scans}
    void = {scan.annuls for scan in by_id.values() if _takes_back(scan, by_id)}
    standing = (scan for scan in by_id.values() if scan.scan_id not in void)
    return [move for move in map(_move, standing) if move is not None]


def _takes_back(annulment: Fact, by_id: Mapping[str, Fact]) -> bool:
    """Return whether a scan is an annulment that has an effect."""
    target = by_id.get(annulment.annuls) if annulment.annuls else None
    return (
        target is not None
        and target.annuls is None
        and target.device == annulment.device
        and target.lookup == annulment.lookup
        and target.seq < annulment.seq
        and 0 <= annulment.t_ms - target.t_ms <= _ANNULLED_WITHIN_MS
    )


def _move(scan: Fact) -> Move | None:
    """Return the entry or exit that a standing scan was; None for refusals and annulments."""
    if scan.direction == "in" and scan.verdict in _ENTERING:
        kind: Literal["entry", "exit"] = "entry"
    elif scan.direction == "out" and scan.verdict == Code.EXIT_OK:
        kind = "exit"
    else:
        return None
    return Move(
        kind=kind,
        zone=scan.zone,
        gate=scan.gate,
        lookup=scan.lookup,
        scan_id=scan.scan_id,
        device=scan.device,
        seq=scan.seq,
        t_ms=scan.t_ms,
        uncertain=scan.uncertain,
        overridden=scan.verdict == Code.OVERRIDE_ADMIT,
    )


def _filled(first: Delivery, later: Delivery) -> Delivery:
    """Return the first delivery with what it lacked and a later one of the same scan brought."""
    if not is_same_scan(first["device"], first["record"], later["device"], later["record"]):
        return first
    shown = first["record"]["shown"] or later["record"]["shown"]
    return {
        **first,
        "decided": first["decided"] or later["decided"],
        "record": {**first["record"], "shown": shown},
    }
