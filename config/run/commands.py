"""The command lines of what `make run` starts, and the folder that they share."""

import shlex
import sys
from pathlib import Path
from typing import Final

from config.settings import env

ROOT: Final = Path(__file__).resolve().parents[2]
QUEUES: Final = "default,mail,documents"


def data_folder() -> Path:
    """Return the folder that holds everything this machine keeps."""
    return env.folder("PLENARY_DATA_DIR", ROOT / "var")


def processes() -> dict[str, list[str]]:
    """Return the command line of each process, by its name."""
    celery = (sys.executable, "-m", "celery", "--quiet", "--app", "config")
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "--config", "python:config.run.web"),
            "config.wsgi:application",
        ],
        "worker": [
            *(*celery, "worker", "--queues", QUEUES, "--concurrency", "2"),
            *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
        ],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
    }


def shell_line(command: list[str], *, once_there: Path | None = None) -> str:
    """Return a line for the shell which the command replaces, so that a signal reaches it.

    With `once_there` the command waits for that file.
    """
    wait = f"until [ -e {shlex.quote(str(once_there))} ]; do sleep 0.1; done; "
    return f"{wait if once_there else ''}exec {shlex.join(command)}"
