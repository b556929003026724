"""All measures in their order."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from django.db import connection

from bench import reads, scans, steady, uploads
from bench.place import Server
from bench.table import Table
from bench.world import World


def run(table: Table, server: Server, world: World, *, short: bool, only: set[str]) -> None:
    """Add every figure to the table, or those of some measures."""
    is_sqlite = connection.vendor == "sqlite"
    table.note("engine", f"{connection.vendor}, 2 workers of 8 threads, 20,000 badges")
    measures: dict[str, Callable[[], None]] = {
        "statements": lambda: reads.count_statements(table, world),
        "snapshot": lambda: reads.measure_snapshot(table, server, world),
        "scans": lambda: scans.measure(
            table,
            server,
            world,
            rounds=7 if short else 15,
            seconds=1.5 if short else 3,
            judged=not is_sqlite,
        ),
        "full-house": lambda: reads.measure_snapshot(table, server, world, inside=True),
        "search": lambda: reads.measure_search(
            table, server, world, searches=100 if short else 300
        ),
        "board": lambda: reads.measure_board(table, server, world, seconds=5 if short else 10),
        "batches": lambda: uploads.measure_batches(
            table, server, world, batches=20 if short else 80
        ),
        "day": lambda: uploads.measure_day(table, server, world),
        "steady": lambda: steady.measure(table, server, world, seconds=30 if short else 600),
        "offline": lambda: _measure_offline(table),
    }
    for name, measure in measures.items():
        if not only or name in only:
            measure()


def _measure_offline(table: Table) -> None:
    """Add what a phone without a line takes, in a process whose settings have pages."""
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "bench.offline_verdict"],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    )
    where = f"offline in Chromium, {told['cards']:,} cards, {told['slower']}× slower"
    table.add(
        f"{where}: verdict p95",
        told["p95_ms"],
        unit=" ms",
        most=told["verdict_most_ms"],
        reference=f"{told['reference_p95_ms']} ms: one strict write and read",
    )
    table.add(f"{where}: cold start", told["cold_start_ms"], unit=" ms", most=told["start_most_ms"])
