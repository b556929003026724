"""SQLite's test database: its tables are made once for each state of the migrations, then copied.

To migrate takes ten seconds and more, in each worker of each run. What was migrated lies among the
machine's temporary files under a name made of all migrations and of the pinned packages.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

_NAME = "plenary-test-template-"
_FORGOTTEN_AFTER_S = 3 * 24 * 3600


def copy_tables() -> bool:
    """Put the tables where Django looks for them, if they are known; tell whether they were."""
    if connection.vendor != "sqlite" or not _template().exists():
        return False
    forget_copy()
    shutil.copyfile(_template(), _file())
    return True


def copy_to(path: Path) -> None:
    """Put the tables there, if they are known; whoever starts on an empty place makes its own."""
    if _template().exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_template(), path)


def forget_copy() -> None:
    """Remove the run's own database, which Django leaves alone when it did not make it."""
    connection.close()
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{_file()}{ending}").unlink(missing_ok=True)


def keep_tables() -> None:
    """Keep what Django has just migrated for the next run; forget what nobody made for days."""
    if connection.vendor != "sqlite" or _template().exists():
        return
    fresh = _template().with_suffix(f".{os.getpid()}")
    with contextlib.closing(sqlite3.connect(fresh)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    for other in _template().parent.glob(f"{_NAME}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - other.stat().st_mtime > _FORGOTTEN_AFTER_S:
                other.unlink()
    fresh.replace(_template())


def _file() -> Path:
    return Path(settings.DATABASES["default"]["TEST"]["NAME"])


def _template() -> Path:
    root = Path(settings.BASE_DIR)
    known = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in sorted([*root.glob("*/migrations/*.py"), root / "requirements" / "base.txt"]):
        known.update(path.name.encode() + path.read_bytes())
    return Path(tempfile.gettempdir()) / f"{_NAME}{known.hexdigest()[:16]}.sqlite3"
