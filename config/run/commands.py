"""What `make run` starts and prepares: the command lines, the tables, the demo."""

import io
import json
import shlex
import sys
from pathlib import Path
from typing import Final

from django.core.management import call_command, get_commands
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.settings import env

ROOT: Final = Path(__file__).resolve().parents[2]
QUEUES: Final = "default,mail,documents"


def data_folder() -> Path:
    """Return the folder that holds everything this machine keeps."""
    return env.folder("PLENARY_DATA_DIR", ROOT / "var")


def processes(*, host: str, port: int) -> dict[str, list[str]]:
    """Return the command line of each process, by its name."""
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
            *("--bind", f"{host}:{port}", "--worker-class", "gthread", "--preload"),
            *("--workers", "2", "--threads", "8", "--keep-alive", "30"),
            *("--graceful-timeout", "3", "--timeout", "60", "--log-level", "warning"),
            "--no-control-socket",
        ],
        "worker": [
            *(sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker"),
            *("--queues", QUEUES, "--concurrency", "2", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *(sys.executable, "-m", "celery", "--quiet", "--app", "config", "beat"),
            *("--loglevel", "WARNING", "--pidfile", ""),
        ],
    }


def shell_line(command: list[str]) -> str:
    """Return a line for the shell which the command replaces, so that a signal reaches it."""
    return f"exec {shlex.join(command)}"


def prepare_database() -> list[dict[str, str]]:
    """Bring the tables up to date, load the demo once, and return its ready-to-click sign-ins."""
    if _has_pending_migrations():
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    signins: list[dict[str, str]] = []
    known = get_commands()
    if env.flag("PLENARY_DEMO", default=True) and "load_demo" in known:
        call_command("load_demo")
        if "demo_signins" in known:
            written = io.StringIO()
            call_command("demo_signins", "--json", stdout=written)
            signins = json.loads(written.getvalue())
    connections.close_all()
    return signins


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
