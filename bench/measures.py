"""All measures in their order."""

import importlib.util
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
        "scans": lambda: scans.measure(
            table,
            server,
            world,
            rounds=7 if short else 15,
            seconds=1.5 if short else 3,
            judged=not is_sqlite,
        ),
        "snapshot": lambda: reads.measure_snapshot(table, server, world),
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
    """Add what a phone without a line takes, as its own measure tells."""
    if importlib.util.find_spec("bench.offline_verdict") is None:
        table.note("offline verdict in Chromium", "not measured")
        return
    from bench import offline_verdict  # noqa: PLC0415

    told = offline_verdict.measure()
    for name, most, unit in (("p95_ms", 150, " ms"), ("cold_start_ms", 3000, " ms")):
        if name in told:
            table.add(f"offline in Chromium, 4× slower: {name}", told[name], most=most, unit=unit)
