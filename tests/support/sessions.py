"""Sessions on the database that outlived the thread or process that opened them."""

import contextlib
import threading
import time

from django.db import OperationalError, connection

#: How long a request that is under way may take to end, in seconds.
_PATIENCE = 10.0
_ATTEMPTS = 4


def close_other_sessions() -> None:
    """End every other session on this database, where the engine has such."""
    if connection.vendor != "postgresql":
        return
    for _attempt in range(_ATTEMPTS):
        # A test that ended every session may have left one of ours that is of no use any more.
        connection.close()
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return


def wait_for_answers() -> None:
    """Wait until nobody else is at work on this database.

    To empty the tables under a request that is still answered is to risk a deadlock with it, or
    to find its rows in the next test.
    """
    deadline = time.monotonic() + _PATIENCE
    while (_is_answering() or _others_at_work()) and time.monotonic() < deadline:
        time.sleep(0.02)


def _is_answering() -> bool:
    """Tell whether the live server has a thread for a browser; a kept line ends with its page."""
    return any("process_request_thread" in each.name for each in threading.enumerate())


def _others_at_work() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        # Between two statements of one answer a session is idle too, but not for long.
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
            " AND (state <> 'idle' OR state_change > now() - interval '50 ms'))"
        )
        (found,) = cursor.fetchone()
    return bool(found)
