"""Waiting for what must happen, for as long as a busy machine may need; and what must be quick."""

import time
from collections.abc import Callable
from typing import Any

#: A condition that should hold in a moment is given up after this. Nobody waits so long in vain
#: unless something is broken.
PATIENCE_S = 30.0
PATIENCE_MS = PATIENCE_S * 1000
_LOOK_EVERY_S = 0.05


def wait_until(holds: Callable[[], Any], *, seconds: float = PATIENCE_S) -> Any:
    """Return what ``holds`` returns once that is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"{holds} holds not after {seconds} s"
        time.sleep(_LOOK_EVERY_S)
    return found


def quickest(deed: Callable[[], Any], *, then: Callable[[], Any] = lambda: None) -> float:
    """Return how many seconds the quickest of three tries took; ``then`` is done after each.

    What else the machine does makes some of them slow; what is slow by itself makes all of them so.
    """
    took = []
    for _try in range(3):
        began = time.perf_counter()
        deed()
        took.append(time.perf_counter() - began)
        then()
    return min(took)
