"""Sections 5, 7 and 8: what all deliveries of all phones come to, whatever their order.

A phone needs none of this. It is here because a second opinion about who is inside is worth having,
and because the vectors of the protocol ask for it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from docs.cp1_client.badge import Json
from docs.cp1_client.fold import Passage, Stay, fold, standing_passages
from docs.cp1_client.verdict import period

Stays = dict[tuple[str, int], Stay]
Passages = dict[tuple[str, int], list[Passage]]


def outcome(history: Json) -> Json:
    """Give presence, counts and conflicts of a history as the vectors write it."""
    owners = history["lookups"]
    zones = {zone["id"]: zone for zone in history["zones"]}
    grouped: Passages = defaultdict(list)
    strangers = set()
    scans = [scan for scan in one_set(history["deliveries"]) if scan["record"]["lookup"]]
    for passage in standing_passages(scans):
        owner = owners.get(passage.lookup)
        if owner:
            grouped[owner["person"], passage.zone].append(passage)
        elif passage.is_entry:
            strangers.add(passage.lookup)
    stays = {key: fold(grouped[key], zones[key[1]]) for key in sorted(grouped)}
    return {
        "presence": [
            {"person": person, "zone": zone, **stay.row()} for (person, zone), stay in stays.items()
        ],
        "counts": _counts(stays, zones, history["now"], unidentified=len(strangers)),
        "conflicts": _conflicts(grouped, stays, history),
    }


def one_set(deliveries: Iterable[Json]) -> list[Json]:
    """Make the set of scans ``{device, record, verdict}`` of deliveries."""
    merged: dict[str, Json] = {}
    for delivery in deliveries:
        if delivery["quarantine"] in {"held", "rejected"}:
            continue
        record = delivery["record"]
        first = {"device": delivery["device"], "record": record, "decided": None, "shown": None}
        scan = merged.setdefault(record["scan_id"], first)
        if _identity(scan) != _identity(delivery):
            continue  # scan_id_reused: the first stands
        scan["decided"] = scan["decided"] or delivery["decided"]
        scan["shown"] = scan["shown"] or record["shown"]
    return [
        {
            "device": scan["device"],
            "record": scan["record"],
            "verdict": scan["shown"] or scan["decided"],
        }
        for scan in merged.values()
    ]


def _identity(delivery: Json) -> tuple[str, Json]:
    same = {k: v for k, v in delivery["record"].items() if k not in {"shown", "offline"}}
    return delivery["device"], same


def _counts(stays: Stays, zones: dict[int, Json], now: int, *, unidentified: int) -> Json:
    arrived: dict[int, set[str]] = defaultdict(set)
    inside: dict[int, set[str]] = defaultdict(set)
    entries: dict[int, int] = defaultdict(int)
    for (person, zone), stay in stays.items():
        entries[zone] += stay.entries
        if stay.opened is None:
            continue
        arrived[zone].add(person)
        resets = zones[zone]["resets"]
        if stay.inside and period(resets, stay.opened.t) == period(resets, now):
            inside[zone].add(person)
    return {
        "arrived": len(set().union(*arrived.values())),
        "inside": len(set().union(*inside.values())),
        "unidentified": unidentified,
        "zones": [
            {
                "zone": zone,
                "arrived": len(arrived[zone]),
                "inside": len(inside[zone]),
                "entries": entries[zone],
            }
            for zone in sorted(zones)
        ],
    }


def _conflicts(grouped: Passages, stays: Stays, history: Json) -> list[Json]:
    zones = {zone["id"]: zone for zone in history["zones"]}
    found = [
        {"id": conflict_id(kind, scans), "kind": kind, "person": person, "zone": zone}
        | {"scans": sorted(scans)}
        for (person, zone), stay in stays.items()
        for kind, scans in [
            *_of_the_order(stay),
            *_of_the_rights(grouped[person, zone], person, history),
            *_of_the_clocks(grouped[person, zone], zones[zone]),
        ]
    ]
    return sorted(found, key=lambda conflict: str(conflict["id"]))


def _of_the_order(stay: Stay) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pair in stay.double_entries:
        yield "double_entry", pair
    for scan_id in stay.exits_without_entry:
        yield "exit_without_entry", (scan_id,)


def _of_the_rights(
    passages: list[Passage], person: str, history: Json
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in passages:
        if not entry.is_entry:
            continue
        revoked_ms = history["lookups"][entry.lookup]["revoked_ms"]
        if revoked_ms is not None and entry.t >= revoked_ms:
            yield "admitted_after_revocation", (entry.scan_id,)
        if any(
            since <= entry.t and (until is None or entry.t < until)
            for since, until in history["blocked"].get(person, ())
        ):
            yield "admitted_while_blocked", (entry.scan_id,)


def _of_the_clocks(passages: list[Passage], zone: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    if zone["reentry"] == "free":
        return
    devices = {passage.device for passage in passages}
    for passage in passages:
        if passage.is_uncertain and devices - {passage.device}:
            yield "time_uncertain", (passage.scan_id,)


def conflict_id(kind: str, scans: Iterable[Any]) -> str:
    """Name a conflict by its kind and its scans, so that it is raised once."""
    named = "\n".join(["cp1-conflict", kind, *sorted(scans)])
    return hashlib.sha256(named.encode()).hexdigest()[:32]
