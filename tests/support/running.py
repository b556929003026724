"""The real web server, worker and beat on the test's own database, for whole stories."""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from config.broker import free_port
from config.run.commands import ROOT, processes
from config.settings.services import sqlite_url
from config.tether import end_with_parent
from tests.support.mail import MailServer

STARTUP_SECONDS = 180.0
SECONDS_FOR_A_STORY = 480


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests with the real processes the time that these need on a busy machine."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"plenary", "web_server"} and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SECONDS_FOR_A_STORY))


class Running:
    """Plenary's processes; `url` is where the pages are, `mail` where its letters arrive."""

    def __init__(self, mail: MailServer, logs: Path) -> None:
        """Choose the port; `start` starts them."""
        self.mail = mail
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._logs = logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environment: dict[str, str] = {}

    def start(self, *names: str) -> None:
        """Start all of them, or these, and wait until `/readyz` says that they work together."""
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": url_of_test_database(),
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_KEY_PREFIX": settings.REDIS_KEY_PREFIX,
            "EMAIL_URL": self.mail.url,
            "PUBLIC_BASE_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PLENARY_SWEEP_SECONDS": "2",
        }
        self._environment.pop("PYTEST_XDIST_WORKER", None)
        for name in names or processes():
            self._start(name, as_name=name)
        self._wait_until_ready()

    def start_another(self, name: str) -> None:
        """Start a process for a second time, as somebody may by mistake."""
        self._start(name, as_name=f"{name}-again")

    def readiness(self) -> tuple[int, dict[str, Any]]:
        """Return the status and the parts of `/readyz`; (0, {}) while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")
        except OSError:
            return 0, {}

    def wait_until_not_ready(self, seconds: float = 60) -> tuple[int, dict[str, Any]]:
        """Return what `/readyz` says once it is no longer content; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while (state := self.readiness())[0] == 200:
            assert time.monotonic() < deadline, state
            time.sleep(0.2)
        return state

    def kill(self, name: str) -> None:
        """End one process (`web`, `worker` or `beat`) without a chance to tidy up."""
        self._processes[name].kill()
        self._processes[name].wait()

    def stop(self) -> None:
        """End all of them at once, with their children: how they go in order is told elsewhere."""
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self._processes.values():
            process.wait()

    def log(self) -> str:
        """Return what the processes wrote."""
        return "\n".join(
            f"--- {path.stem}\n{path.read_text(errors='replace')[-4000:]}"
            for path in sorted(self._logs.glob("*.log"))
        )

    def _start(self, name: str, *, as_name: str) -> None:
        with (self._logs / f"{as_name}.log").open("wb") as log:
            self._processes[as_name] = subprocess.Popen(
                processes()[name],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - a system call, nothing of Python
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self._works(state := self.readiness()[1]):
            ended = [name for name, process in self._processes.items() if process.poll()]
            if ended or time.monotonic() > deadline:
                pytest.fail(f"Not ready: {state}; ended: {ended}\n{self.log()}")
            time.sleep(0.2)

    def _works(self, state: dict[str, Any]) -> bool:
        """Tell whether the parts that were started are well; the web server needs two others."""
        needed = {"database", "broker", *self._processes} - {"web"}
        return all(state.get(part) == "ok" for part in needed)


def url_of_test_database() -> str:
    """Return the DATABASE_URL by which another process finds this run's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return sqlite_url(Path(name))
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def plenary(
    transactional_db: None,
    mail_server: MailServer,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Running]:
    """Plenary running as it does for people, on this test's rows and mail server."""
    yield from _run(Running(mail_server, tmp_path), settings)


@pytest.fixture
def web_server(
    transactional_db: None, mail_server: MailServer, tmp_path: Path, settings: Any
) -> Iterator[Running]:
    """The real web server alone, for what has nothing to do with worker and beat."""
    yield from _run(Running(mail_server, tmp_path), settings, "web")


def _run(running: Running, settings: Any, *names: str) -> Iterator[Running]:
    settings.PUBLIC_BASE_URL = running.url
    try:
        running.start(*names)
        yield running
    finally:
        running.stop()
