"""Break mail on purpose and count: ``python -m bench.mail``; exit status 1 when it falls short.

The counts come from the record of the mail server at the other end.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from bench.mail.crowd import FILES
from bench.mail.relay import Relay
from bench.place import surroundings
from bench.table import Table

_STORIES = ("all", "resend", "hold", "broker")


def main() -> int:
    """Tell the stories and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="bench.mail", description=__doc__)
    parser.add_argument("--recipients", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--outage", type=float, default=20, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=int, default=20, metavar="MS", help="before each answer")
    parser.add_argument("--lease", type=int, default=10, metavar="SECONDS", help="of a claim")
    parser.add_argument("--attach", choices=tuple(FILES), default="none", help="to each letter")
    parser.add_argument("--only", default=",".join(_STORIES), help=f"some of {_STORIES}")
    told = parser.parse_args()
    table = Table()
    with surroundings():
        relay = Relay(os.environ["REDIS_URL"])
        os.environ["REDIS_URL"] = relay.url
        import django  # noqa: PLC0415

        django.setup()
        logging.disable(logging.CRITICAL)  # a line for each wake-up would bury the table
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from bench.mail import stories  # noqa: PLC0415

        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
        stage = stories.Stage(
            folder=Path(os.environ["PLENARY_DATA_DIR"]),
            relay=relay,
            recipients=told.recipients,
            seed=told.seed,
            lease_s=told.lease,
            attach=told.attach,
        )
        table.note(
            "engine",
            f"{connection.vendor}, 2 workers, {told.recipients} people in two languages, "
            f"attached: {told.attach}",
        )
        chosen = told.only.split(",")
        if "all" in chosen:
            stories.send_all(table, stage)
        with stories.Hands(stage, pause_ms=told.pause, short=True) as hands:
            for on_doubt in ("resend", "hold"):
                if on_doubt in chosen:
                    stories.kill_workers(table, stage, hands, on_doubt=on_doubt, kills=told.kills)
            if "broker" in chosen:
                stories.lose_the_broker(table, stage, hands, outage_s=told.outage)
    print()
    print(table.text())
    return int(table.fell_short)


if __name__ == "__main__":
    sys.exit(main())
