"""Ties a process to the one that started it: even a kill -9 of that one leaves no orphan."""

import ctypes
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `by` when its parent ends; on macOS do nothing.

    Call it in the child itself, between fork and exec.
    """
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, int(by))
