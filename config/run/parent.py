"""Going when `make` goes: a signal sent to make alone does not reach the program it started."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 0.5


def stop_when_make_wants(stop: Callable[[], None]) -> None:
    """Watch the make that started us, if one did; call `stop` when it is gone or interrupted."""
    if os.environ.get("PLENARY_STARTED_BY_MAKE") != "1":
        return
    make = os.getppid()
    while os.getppid() == make and not _waits_for_us_to_end(make):
        time.sleep(EVERY_SECONDS)
    stop()


def _waits_for_us_to_end(make: int) -> bool:
    """Tell whether make is inside its handler of an interrupt, where it blocks that signal."""
    try:
        status = Path(f"/proc/{make}/status").read_text()
    except OSError:
        return False
    blocked = next((line for line in status.splitlines() if line.startswith("SigBlk:")), "SigBlk:0")
    mask = int(blocked.partition(":")[2].strip(), 16)
    return any(mask & 1 << (number - 1) for number in (signal.SIGINT, signal.SIGHUP))
