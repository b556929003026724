"""Settings of the web server of `make run`, which also prepares what all of them need."""

import io
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver

from config.settings import env

bind = f"{env.text('HOST', '127.0.0.1')}:{env.integer('PORT', default=8000, least=1)}"
worker_class = "gthread"
workers = 2
threads = 8
keepalive = 30
timeout = 60
graceful_timeout = 1
preload_app = True
loglevel = "warning"
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """Prepare, with the application loaded and the port not yet open; then say that it is done.

    It happens here because the application is loaded once only that way, which halves the time to
    the first page.
    """
    assert get_resolver().url_patterns
    prepared = env.text("PLENARY_PREPARED_FILE", "")
    if prepared:
        prepare_database()
        fresh = Path(f"{prepared}.{os.getpid()}")
        fresh.write_text(json.dumps(announcement()))
        fresh.replace(prepared)
    close_connections()


def close_connections() -> None:
    """Leave no connection open that the workers would inherit, and none in a pool either.

    Two processes that write to one connection read each other's answers.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def prepare_database() -> None:
    """Bring the tables up to date and load the demo, unless that has been done."""
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if settings.PLENARY_DEMO:
        call_command("load_demo")


def announcement() -> dict[str, Any]:
    """Return what a person wants to know first: address, sign-ins, where mail can be read."""
    address = settings.PUBLIC_BASE_URL
    if not settings.PLENARY_DEMO:
        return {"address": address, "signins": [], "outbox": ""}
    written = io.StringIO()
    call_command("demo_signins", "--json", stdout=written)
    return {
        "address": address,
        "signins": json.loads(written.getvalue()),
        "outbox": "" if settings.EMAIL_URL else f"{address}/outbox/",
    }
