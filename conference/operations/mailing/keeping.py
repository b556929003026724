"""Writing down what the mail server said, also where the database is away for a moment.

An answer that is not kept is a doubt for ever, so a restart of the database or a locked file is
waited for, well within the lease of the letter.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

#: So long between the attempts, in seconds.
PAUSES = (0.2, 1.0, 3.0, 8.0)
_Result = TypeVar("_Result")


def patiently(write: Callable[[], _Result]) -> _Result:
    """Return what ``write`` returns; tried again over a new connection while there is none."""
    for pause in PAUSES:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                # Somebody around us has to undo their own work first.
                raise
            connection.close()
            time.sleep(pause)
    return write()
