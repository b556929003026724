"""Sessions on the database that outlived the thread or process that opened them."""

import time

from django.db import connection

#: How long a request that is under way may take to end, in seconds.
_PATIENCE = 10.0


def close_other_sessions() -> None:
    """End every other session on this database, where the engine has such."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def wait_for_other_sessions() -> None:
    """Wait until no other session on this database is at work, where the engine has such.

    To empty the tables under a request that is still answered is to risk a deadlock with it.
    """
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + _PATIENCE
    while _others_at_work() and time.monotonic() < deadline:
        time.sleep(0.02)


def _others_at_work() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle')"
        )
        (found,) = cursor.fetchone()
    return bool(found)
