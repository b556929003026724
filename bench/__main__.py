"""Measure the doors: ``python -m bench [--short]``; exit status 1 when a figure falls short."""

import argparse
import sys

from bench.place import Server, surroundings
from bench.table import Table


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="about two minutes instead of twenty")
    parser.add_argument("--only", default="", help="some of the measures, comma-separated")
    told = parser.parse_args()
    table = Table()
    with surroundings():
        import django  # noqa: PLC0415

        django.setup()
        from bench import measures, world  # noqa: PLC0415

        made = world.make()
        server = Server()
        try:
            measures.run(
                table, server, made, short=told.short, only=set(told.only.split(",")) - {""}
            )
        finally:
            server.stop()
    print()
    print(table.text())
    return int(table.fell_short)


if __name__ == "__main__":
    sys.exit(main())
