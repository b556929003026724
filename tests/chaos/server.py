"""The real web server of the chaos tests: it can be killed in the middle of a word, and come back."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

from django.conf import settings

from config.broker import free_port
from config.run.commands import ROOT, processes
from config.tether import end_with_parent
from tests.support.running import url_of_test_database

STARTUP_SECONDS = 90.0


class Server:
    """Plenary's web server on the test's own database, in processes of its own."""

    def __init__(self, logs: Path) -> None:
        self.port = free_port()
        self.log = logs / "web.log"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_up(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def up(self) -> None:
        """Start it, if it is not there, and wait until it answers."""
        if self.is_up:
            return
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": url_of_test_database(),
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_KEY_PREFIX": settings.REDIS_KEY_PREFIX,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
        }
        environment.pop("PYTEST_XDIST_WORKER", None)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                processes()["web"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - a system call, nothing of Python
            )
        self.starts += 1
        self._wait()

    def kill(self) -> None:
        """End it and its workers at once, whatever they are doing."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def said(self) -> str:
        """Return the end of what it wrote."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self._answers():
            assert self.is_up, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()
