"""Section 6: where one person is, from the entries and exits at one zone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from docs.cp1_client.badge import Json
from docs.cp1_client.clock import effective_time
from docs.cp1_client.verdict import period

ENTRIES = {"admit", "admit_provisional", "override_admit"}
ANNUL_WITHIN_MS = 15 * 60 * 1000


@dataclass(frozen=True)
class Passage:
    """One entry or exit that stands."""

    t: int
    device: str
    seq: int
    scan_id: str
    zone: int
    gate: int | None
    is_entry: bool
    is_override: bool = False
    is_uncertain: bool = False
    lookup: str | None = None

    @property
    def order(self) -> tuple[int, str, int, str]:
        """What comes first, alike on every machine."""
        return self.t, self.device, self.seq, self.scan_id


@dataclass
class Stay:
    """What the passages of one person at one zone come to."""

    inside: bool = False
    opened: Passage | None = None
    last_in: Passage | None = None
    last: Passage | None = None
    entries: int = 0
    double_entries: list[tuple[str, str]] = field(default_factory=list)
    exits_without_entry: list[str] = field(default_factory=list)

    def row(self) -> Json:
        """Give the presence row, without the person and the zone."""
        opened, last = self.opened, self.last
        return {
            "inside": self.inside,
            "in_ms": opened.t if opened else None,
            "in_scan": opened.scan_id if opened else None,
            "gate": opened.gate if opened else None,
            "at_ms": last.t if last else None,
            "at_scan": last.scan_id if last else None,
        }


def fold(passages: Iterable[Passage], zone: Json) -> Stay:
    """Walk through the passages of one person at one zone."""
    stay = Stay()
    for passage in sorted(passages, key=lambda one: one.order):
        if passage.is_entry:
            _enter(stay, passage, zone)
        else:
            _leave(stay, passage, zone)
        stay.last = passage
    return stay


def _enter(stay: Stay, entry: Passage, zone: Json) -> None:
    def same_period(other: Passage | None) -> bool:
        return other is not None and (
            period(zone["resets"], other.t) == period(zone["resets"], entry.t)
        )

    again = zone["reentry"] == "never" or (zone["reentry"] == "after_exit" and stay.inside)
    if stay.last_in and same_period(stay.last_in) and again and not entry.is_override:
        stay.double_entries.append((stay.last_in.scan_id, entry.scan_id))
    if not stay.inside or not same_period(stay.opened):
        stay.opened = entry
        stay.entries += 1
    stay.inside = True
    stay.last_in = entry


def _leave(stay: Stay, leaving: Passage, zone: Json) -> None:
    if not stay.inside and zone["reentry"] != "free":
        stay.exits_without_entry.append(leaving.scan_id)
    stay.inside = False


def standing_passages(scans: Iterable[Json]) -> list[Passage]:
    """Give the entries and exits among scans ``{device, record, verdict}``, annulled ones left out.

    The scans are those of a set: each scan_id once, and with a lookup.
    """
    scans = list(scans)
    annulments: dict[str, list[Json]] = {}
    for scan in scans:
        if scan["record"]["annuls"] is not None:
            annulments.setdefault(scan["record"]["annuls"], []).append(scan)
    passages = (
        _passage(scan)
        for scan in scans
        if not any(_voids(a, scan) for a in annulments.get(scan["record"]["scan_id"], ()))
    )
    return [passage for passage in passages if passage]


def _voids(annulment: Json, scan: Json) -> bool:
    taking, taken = annulment["record"], scan["record"]
    later = effective_time(taking)[0] - effective_time(taken)[0]
    return (
        taken["annuls"] is None
        and annulment["device"] == scan["device"]
        and taking["lookup"] == taken["lookup"]
        and taking["seq"] > taken["seq"]
        and 0 <= later <= ANNUL_WITHIN_MS
    )


def _passage(scan: Json) -> Passage | None:
    record, verdict = scan["record"], scan["verdict"]
    is_entry = record["direction"] == "in" and verdict in ENTRIES
    is_exit = record["direction"] == "out" and verdict == "exit_ok"
    if not (is_entry or is_exit):
        return None
    t, uncertain = effective_time(record)
    return Passage(
        t=t,
        device=scan["device"],
        seq=record["seq"],
        scan_id=record["scan_id"],
        zone=record["zone"],
        gate=record["gate"],
        is_entry=is_entry,
        is_override=verdict == "override_admit",
        is_uncertain=uncertain,
        lookup=record["lookup"],
    )


def own_presence(row: Json | None, scans: Iterable[Json], lookup: str, zone: Json) -> Json | None:
    """Give the phone's own presence row: the server's, and what this phone saw since."""
    mine = [scan for scan in scans if scan["record"]["lookup"] == lookup]
    known = {scan["record"]["scan_id"] for scan in mine}
    passages = [one for one in standing_passages(mine) if one.zone == zone["id"]]
    passages += [told for told in _told(row, zone["id"]) if told.scan_id not in known]
    return fold(passages, zone).row() if passages else None


def _told(row: Json | None, zone: int) -> Iterator[Passage]:
    """Give the entry and the exit that the server's row speaks of."""
    if row is None:
        return
    if row["in_scan"] is not None:
        yield Passage(row["in_ms"], "", 0, row["in_scan"], zone, row["gate"], is_entry=True)
    if not row["inside"] and row["at_scan"] is not None and row["at_scan"] != row["in_scan"]:
        yield Passage(row["at_ms"], "", 0, row["at_scan"], zone, None, is_entry=False)
