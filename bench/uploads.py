"""Uploads: what a scan costs in a full batch, and a day offline of twenty phones."""

import gzip
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.cost import spent
from bench.load import Line, post, record
from bench.place import Server
from bench.table import Table
from bench.world import World

BATCH, PHONES, DAY = 200, 20, 500


def measure_batches(table: Table, server: Server, world: World, *, batches: int) -> None:
    """Add what a scan costs in batches of 200, everybody in them a different person."""
    asked = {"zone": world.zone, "phones": world.phones, "lookups": world.lookups}
    made = [
        _upload(
            world,
            n % len(world.phones),
            [record(asked, n * BATCH + m, offline=True, shown="admit") for m in range(BATCH)],
        )
        for n in range(batches + 5)
    ]
    line = Line(server.port)
    for request in made[:5]:
        _results(line, request)
    before, began = spent(server), time.monotonic()
    results = Counter(result for request in made[5:] for result in _results(line, request))
    took, cost = time.monotonic() - began, spent(server) - before
    count = batches * BATCH
    if results != {"stored": count}:
        raise SystemExit(f"uploads came to {results}")
    table.add(
        "upload: CPU of a scan in batches of 200",
        cost.whole / count,
        unit=" ms",
        most=0.5,
        stretch=0.25,
        reference=f"web {cost.web / count:.3f}, database {cost.database / count:.3f} ms",
    )
    table.note("upload: scans a second, one phone at a time", f"{count / took:,.0f}")


def measure_day(table: Table, server: Server, world: World) -> None:
    """Add how long 20 phones take for 500 scans each, shared badges, doubled and shuffled."""
    from checkin.models import Scan  # noqa: PLC0415

    asked = {"zone": world.zone, "phones": world.phones, "lookups": world.lookups[:2000]}
    before = Scan.objects.count()
    days = []
    for phone in range(PHONES):
        chance = random.Random(phone)
        scans = [
            _of(world, phone, record(asked, chance.randrange(4000), seq=n + 1)) for n in range(DAY)
        ]
        sent = [*scans, *scans]
        chance.shuffle(sent)
        batches = [sent[at : at + BATCH] for at in range(0, len(sent), BATCH)]
        days.append([_upload(world, phone, batch) for batch in batches])

    def bring(day: list[bytes]) -> list[str]:
        line = Line(server.port)
        return [result for request in day for result in _results(line, request)]

    began = time.monotonic()
    with ThreadPoolExecutor(PHONES) as pool:
        results = Counter(result for came in pool.map(bring, days) for result in came)
    took = time.monotonic() - began
    stored = Scan.objects.count() - before
    table.add("20 phones × 500 scans, each sent twice: time", took, unit=" s", most=60)
    table.add("… lost", PHONES * DAY - stored, most=0)
    table.add("… doubled", results["stored"] - PHONES * DAY, most=0)
    table.note("… answers", ", ".join(f"{n:,} {name}" for name, n in sorted(results.items())))


def _of(world: World, phone: int, scan: dict[str, Any]) -> dict[str, Any]:
    shown = "exit_ok" if scan["direction"] == "out" else "admit"
    return scan | {"gate": world.phones[phone]["gate"], "offline": True, "shown": shown}


def _upload(world: World, phone: int, scans: list[dict[str, Any]]) -> bytes:
    body = gzip.compress(json.dumps({"scans": scans}, separators=(",", ":")).encode(), 6)
    token = world.phones[phone]["token"]
    return post("/api/v1/checkin/scans/", body, token, "Content-Encoding: gzip")


def _results(line: Line, request: bytes) -> list[str]:
    status, body = line.ask(request)
    if status != 200:
        raise SystemExit(f"an upload was answered {status}: {body[:300]!r}")
    return [each["result"] for each in json.loads(body)["results"]]
