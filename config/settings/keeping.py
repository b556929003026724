"""A random secret that one machine makes for itself and keeps."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def kept_secret(path: Path, make: Callable[[], str] = get_random_secret_key) -> str:
    """Return the secret kept at `path`, making it first where there is none; safe to race for."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        # A link, unlike a rename, leaves alone what another process put there first.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
