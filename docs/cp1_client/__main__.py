"""The command line: ``python -m docs.cp1_client --help``."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from docs.cp1_client.client import Client, Locked
from docs.cp1_client.door import Door, Shown
from docs.cp1_client.outbox import upload
from docs.cp1_client.wire import NoAnswer, Refusal

ADMITTED, REFUSED, FAILED = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 is done or admitted, 1 not admitted, 2 a failure."""
    told = _parser().parse_args(arguments)
    try:
        result = told.run(Client(told.state), told)
    except (Refusal, NoAnswer, Locked, LookupError, ValueError) as failure:
        print(f"{type(failure).__name__}: {failure}", file=sys.stderr)
        return FAILED
    print(json.dumps(_plain(result), ensure_ascii=False, indent=2))
    return REFUSED if isinstance(result, Shown) and not result.admit else ADMITTED


def _plain(result: Any) -> Any:
    return vars(result) if isinstance(result, Shown) else result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m docs.cp1_client", description=__doc__)
    parser.add_argument("--state", type=Path, default=Path("cp1-state.json"), help="state file")
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(run=run)
        return added

    enrol = command("enrol", _enrol, "enrol this client")
    enrol.add_argument("address", help="the one-time address, https://…/checkin/#e=…")
    command("snapshot", _snapshot, "bring the snapshot up to date")
    scan = command("scan", _scan, "judge a badge; - reads texts from the input, one a line")
    scan.add_argument("text", help="the text of the QR code, or - for many")
    scan.add_argument("--lookup", action="store_true", help="the text is a lookup from a search")
    scan.add_argument("--out", action="store_true", help="the person goes out")
    scan.add_argument("--offline", action="store_true", help="do not ask the server")
    override = command("override", _override, "let in whom a verdict refused")
    override.add_argument("scan_id")
    override.add_argument("--supervisor", type=int, required=True)
    override.add_argument("--pin", required=True)
    override.add_argument("--reason", required=True, help="a code among the reasons of the rules")
    override.add_argument("--note", default="")
    annul = command("annul", _annul, "take back a scan of the last fifteen minutes")
    annul.add_argument("scan_id")
    for at_a_door in (scan, override, annul):
        at_a_door.add_argument("--gate", type=int, help="another gate than the device's own")
        at_a_door.add_argument("--zone", type=int, help="another zone than the gate's first")
    command("sync", _sync, "upload what is queued, then bring the snapshot up to date")
    search = command("search", _search, "look up a name")
    search.add_argument("words")
    walk_in = command("walk-in", _walk_in, "register somebody at the desk")
    walk_in.add_argument("name")
    walk_in.add_argument("--native-name", default="")
    walk_in.add_argument("--class", dest="badge_class", type=int, required=True)
    walk_in.add_argument("--delegation", type=int)
    command("clock", _clock, "ask for the time")
    command("board", _board, "ask for the counts")
    command("status", _status, "say what this client holds")
    return parser


def _enrol(client: Client, told: argparse.Namespace) -> Any:
    return client.enrol(told.address)


def _search(client: Client, told: argparse.Namespace) -> Any:
    return client.search(told.words)


def _clock(client: Client, told: argparse.Namespace) -> Any:
    return {"server_ms": client.server_ms()}


def _board(client: Client, told: argparse.Namespace) -> Any:
    return client.board()


def _snapshot(client: Client, told: argparse.Namespace) -> Any:
    kind = client.refresh()
    kept = client.store.snapshot or {}
    return {"snapshot": kind, "badges": len(kept["badges"]), "cursor": kept["cursor"]}


def _door(client: Client, told: argparse.Namespace) -> Door:
    return Door(client, gate=told.gate, zone=told.zone)


def _scan(client: Client, told: argparse.Namespace) -> Any:
    door = _door(client, told)
    direction = "out" if told.out else "in"
    if told.lookup:
        return door.scan_lookup(told.text, direction=direction)
    if told.text != "-":
        return door.scan(told.text, direction=direction, online=not told.offline)
    counted: Counter[str] = Counter()
    for line in sys.stdin:
        shown = door.scan(line, direction=direction, online=not told.offline)
        print(json.dumps(_plain(shown), ensure_ascii=False))
        counted[shown.verdict["code"]] += 1
    return counted


def _override(client: Client, told: argparse.Namespace) -> Shown:
    return _door(client, told).override(
        told.scan_id,
        supervisor=told.supervisor,
        pin=told.pin,
        reason=told.reason,
        note=told.note,
    )


def _annul(client: Client, told: argparse.Namespace) -> Any:
    return vars(_door(client, told).annul(told.scan_id))


def _sync(client: Client, told: argparse.Namespace) -> Any:
    results = upload(client)
    revoked = client.store.state.standing == "revoked"
    return {
        "uploaded": results,
        "queued": len(client.store.queue()),
        "refused": len(client.store.refused()),
        "snapshot": "wiped" if revoked else client.refresh(),
    }


def _walk_in(client: Client, told: argparse.Namespace) -> Any:
    person = {
        "name": told.name,
        "native_name": told.native_name,
        "delegation": told.delegation,
        "class": told.badge_class,
    }
    return client.walk_in(person)


def _status(client: Client, told: argparse.Namespace) -> Any:
    state, snapshot = client.store.state, client.store.snapshot
    return {
        "standing": state.standing,
        "device": state.device,
        "queued": len(client.store.queue()),
        "refused": [{**scan["record"], **scan["refusal"]} for scan in client.store.refused()],
        "badges": len(snapshot["badges"]) if snapshot else 0,
    }


if __name__ == "__main__":
    sys.exit(main())
