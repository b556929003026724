"""Sessions on the database that outlived the thread or process that opened them."""

from django.db import connection


def close_other_sessions() -> None:
    """End every other session on this database, where the engine has such."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
