"""What a person reads once the first page answers: where to go, and as whom."""

import time
import urllib.error
import urllib.request
from typing import Final

from django.conf import settings

from config.run.processes import Processes

EVERY_SECONDS: Final = 0.1
LOOPBACK_OF_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # read, not bound


def wait_and_print(
    host: str, port: int, signins: list[dict[str, str]], processes: Processes
) -> None:
    """Ask for the first page until it comes, then print the addresses once."""
    address = f"http://{LOOPBACK_OF_EVERYWHERE.get(host, host)}:{port}"
    while not _answers(f"{address}/"):
        if processes.stopping:
            return
        time.sleep(EVERY_SECONDS)
    print(text(settings.PUBLIC_BASE_URL, signins, has_outbox=not settings.EMAIL_URL), flush=True)


def text(address: str, signins: list[dict[str, str]], *, has_outbox: bool) -> str:
    """Return the announcement. A sign-in has a `part` and a `url`."""
    lines = ["", f"Plenary runs at {address}", ""]
    if signins:
        width = max(len(signin["part"]) for signin in signins)
        lines += ["Sign in with one click:"]
        lines += [f"  {signin['part']:<{width}}  {signin['url']}" for signin in signins]
        lines += [""]
    if has_outbox and settings.PLENARY_DEMO:
        lines += [f"Mail that it sends is kept and can be read at {address}/outbox/", ""]
    return "\n".join([*lines, "Ctrl-C stops it; the data stays.", ""])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310  # http, our own
            return bool(response.status < 400)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False
