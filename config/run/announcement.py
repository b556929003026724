"""What a person reads once the first page answers: where to go, and as whom."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

EVERY_SECONDS: Final = 0.1
LOOPBACK_OF_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # read, not bound


def wait_and_print(
    *, host: str, port: int, prepared: Path, is_stopping: Callable[[], bool]
) -> None:
    """Ask for the first page until the web server answers, then print the addresses once."""
    first_page = f"http://{LOOPBACK_OF_EVERYWHERE.get(host, host)}:{port}/"
    while not (prepared.exists() and (status := _status(first_page))):
        if is_stopping():
            return
        time.sleep(EVERY_SECONDS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        print(f"The first page fails (HTTP {status}); the lines above say why.", flush=True)
    print(text(**json.loads(prepared.read_text())), flush=True)


def text(*, address: str, signins: list[dict[str, Any]], outbox: str) -> str:
    """Return the announcement. A sign-in has a `part` and a `url`."""
    lines = ["", f"Plenary runs at {address}", ""]
    if signins:
        width = max(len(signin["part"]) for signin in signins)
        lines += ["Sign in with one click:"]
        lines += [f"  {signin['part']:<{width}}  {signin['url']}" for signin in signins]
        lines += [""]
    if outbox:
        lines += [f"Mail that it sends is kept and can be read at {outbox}", ""]
    return "\n".join([*lines, "Ctrl-C stops it; the data stays.", ""])


def _status(url: str) -> int:
    """Return the HTTP status of a page, or 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310  # http, our own
            return int(response.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0
