"""Where it is measured: a database of its own beside DATABASE_URL's, gone again afterwards."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from config.broker import EmbeddedBroker, free_port

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 8
_STARTS_WITHIN_S = 60


@contextlib.contextmanager
def surroundings() -> Iterator[None]:
    """Set production's environment, on a database and, if none is named, a Redis of our own."""
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        data = Path(folder)
        broker = None
        if not os.environ.get("REDIS_URL"):
            broker = EmbeddedBroker(data / "valkey")
            os.environ["REDIS_URL"] = broker.start()
        with _database(data) as url:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "DATABASE_URL": url,
                "DJANGO_SECRET_KEY": secrets.token_urlsafe(60),
                "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
                "PLENARY_HTTPS_REDIRECT": "0",
                "PLENARY_DATA_DIR": folder,
                "REDIS_KEY_PREFIX": f"plenary-bench-{os.getpid()}:",
            }
            try:
                yield
            finally:
                if broker is not None:
                    broker.stop()


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith(("postgres://", "postgresql://")):
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    parts = urlsplit(given)
    name = f"{parts.path.strip('/')}_bench_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            from django.db import connections  # noqa: PLC0415

            connections.close_all()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Server:
    """The web server as it runs in production: gunicorn, threads, two workers."""

    def __init__(self) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        self.log = Path(os.environ["PLENARY_DATA_DIR"]) / "web.log"
        command = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--preload"]
        command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The web server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)

    def workers(self) -> list[psutil.Process]:
        """Return its worker processes."""
        return psutil.Process(self._process.pid).children()

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
