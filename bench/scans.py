"""Single scans beside the bare view, in rounds that take turns."""

import json
import statistics
import subprocess
import sys
from typing import Any

from bench.cost import Spent, spent
from bench.place import ROOT, Server
from bench.table import Table
from bench.world import World, settle

CLIENTS = (8, 32)


def measure(
    table: Table, server: Server, world: World, *, rounds: int, seconds: float, judged: bool
) -> None:
    """Add what a scan costs, how many pass, how long they wait, beside the bare view.

    Unless ``judged`` there are no targets: SQLite has one writer, so that waits are of its lock.
    """
    at = {"bare": 0, "scan": 0}
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for kind in tuple(at):
        for clients in CLIENTS:
            at[kind] = load(server, world, kind, clients, at[kind], 1.5)["next"]
    settle()
    for _ in range(rounds):
        for clients in CLIENTS:
            for kind in tuple(at):
                before = spent(server)
                came = load(server, world, kind, clients, at[kind], seconds)
                cost: Spent = spent(server) - before
                at[kind] = came["next"]
                came |= {
                    name: getattr(cost, name) / came["requests"]
                    for name in ("web", "database", "whole")
                }
                found.setdefault((kind, clients), []).append(came)
    for clients in CLIENTS:
        bare, scan = found["bare", clients], found["scan", clients]
        _compare(table, clients, bare, scan, judged=judged)
    codes = {code for each in found.values() for one in each for code in one["codes"]}
    table.note("answers", ", ".join(sorted(codes)))


def load(  # noqa: PLR0917
    server: Server, world: World, kind: str, clients: int, start: int, seconds: float, **more: Any
) -> dict[str, Any]:
    """Let phones scan for some seconds; return what they saw."""
    asked = {
        "port": server.port,
        "kind": kind,
        "clients": clients,
        "seconds": seconds,
        "start": start,
        "zone": world.zone,
        "phones": world.phones,
        "lookups": world.lookups,
    } | more
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _compare(
    table: Table,
    clients: int,
    bare: list[dict[str, Any]],
    scan: list[dict[str, Any]],
    *,
    judged: bool,
) -> None:
    def median(of: list[dict[str, Any]], name: str) -> float:
        return statistics.median(each[name] for each in of)

    def beside(name: str, unit: str) -> str:
        return f"{median(scan, name):.2f} : {median(bare, name):.2f} {unit}"

    def ratio(name: str) -> float:
        return statistics.median(
            one[name] / other[name] for one, other in zip(scan, bare, strict=True)
        )

    at = f"scan, {clients} clients"
    table.add(
        f"{at}: CPU beside the bare view",
        ratio("whole"),
        most=1.5 if judged else None,
        stretch=1.15 if judged else None,
        reference=beside("whole", "ms"),
    )
    table.note(
        f"{at}: CPU of web, of database", f"{beside('web', 'ms')}, {beside('database', 'ms')}"
    )
    table.add(
        f"{at}: throughput beside it",
        ratio("per_second"),
        least=0.65 if judged else None,
        stretch=0.85 if judged else None,
        reference=beside("per_second", "/s"),
    )
    table.add(
        f"{at}: p99 beside it",
        ratio("p99_ms"),
        most=2 if judged else None,
        reference=beside("p99_ms", "ms"),
    )
    table.note(f"{at}: p50, p95", f"{beside('p50_ms', 'ms')}, {beside('p95_ms', 'ms')}")
