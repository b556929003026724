"""`make run` as a person meets it: it comes up, says what is wrong, and leaves nobody behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.broker import free_port
from config.run.commands import ROOT
from tests.support import template

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]

#: A busy machine may need this long for any of its steps, in seconds; nobody waits it out in vain.
PATIENCE_S = 200
OTHERWISE_SET = ("DATABASE_URL", "REDIS_URL", "REDIS_KEY_PREFIX", "EMAIL_URL", "PUBLIC_BASE_URL")


class Program:
    """`python config/run`, or what `make run` runs, on a port and a folder of its own."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = folder / f"output-{self.port}.txt"
        environment = {key: value for key, value in os.environ.items() if key not in OTHERWISE_SET}
        environment |= {
            "PORT": str(self.port),
            "PLENARY_DATA_DIR": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PLENARY_DEMO": "0",
        }
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "config/run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, word: str) -> psutil.Process:
        """The process of that name; its own children carry the name too and come after it."""
        return next(member for member in self.family() if self._is(member, word))

    def readiness(self) -> tuple[int, dict[str, str]]:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=15) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)
        except OSError:
            return 0, {}

    def wait_for(self, status: int) -> dict[str, str]:
        deadline = time.monotonic() + PATIENCE_S
        while (state := self.readiness())[0] != status:
            assert time.monotonic() < deadline, f"{state}; it said: {self.said}"
            assert self.process.poll() is None, self.said
            time.sleep(0.3)
        return state[1]

    def wait_for_pages(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.readiness()[0] == 0:
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.1)

    def ends_with(self) -> int:
        """The exit status, once it has ended."""
        try:
            return self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            pytest.fail(f"It does not end; it said: {self.said}; it runs {self.family()}")

    @staticmethod
    def _is(member: psutil.Process, word: str) -> bool:
        try:
            return word in member.cmdline() and "-m" in member.cmdline()
        except psutil.Error:
            return False


@pytest.fixture
def prepared(tmp_path: Path) -> None:
    """A folder with the tables in it: how they get there is told by the second test."""
    template.copy_to(tmp_path / "data" / "plenary.sqlite3")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path)
    yield running
    if running.process.poll() is None:
        family = running.family()
        running.process.kill()
        for member in family:
            if member.is_running():
                member.kill()
        running.process.wait()


def _gone(family: list[psutil.Process], seconds: float = 60) -> list[psutil.Process]:
    """Return who is still there after a while."""
    return psutil.wait_procs(family, timeout=seconds)[1]


def test_it_comes_up_names_what_fails_and_an_interrupt_leaves_nobody_behind(
    prepared, program, tmp_path
):
    assert set(program.wait_for(200).values()) == {"ok"}
    assert f"Plenary runs at {program.url}" in program.said
    assert "Traceback" not in program.said
    family = program.family()

    program.named("worker").kill()
    state = program.wait_for(503)
    assert state["worker"].startswith("down: nobody takes tasks from")
    assert (state["database"], state["broker"], state["beat"]) == ("ok", "ok", "ok")

    second = Program(tmp_path)
    assert second.ends_with() == 1
    assert "It runs already with the data in" in second.said

    program.process.send_signal(signal.SIGINT)
    assert program.ends_with() == 0
    assert _gone(family) == []
    assert "The worker ended (exit code -9)." in program.said


def test_a_hang_up_leaves_nobody_behind_and_the_next_start_finds_the_data(program, tmp_path):
    program.wait_for_pages()
    assert "Preparing the database" in program.said
    family = program.family()
    program.process.send_signal(signal.SIGHUP)
    assert program.ends_with() == 0
    assert _gone(family) == []

    again = Program(tmp_path)
    try:
        again.wait_for_pages()
        assert "Preparing the database" not in again.said
    finally:
        family = again.family()
        again.process.kill()
        again.process.wait()
    # Only Linux tells the children of such an end.
    assert sys.platform != "linux" or _gone(family) == []


def test_a_stop_before_it_is_up_is_quiet(program):
    time.sleep(1)
    family = program.family()
    program.process.send_signal(signal.SIGINT)
    assert program.ends_with() == 0
    assert _gone(family) == []
    assert "Traceback" not in program.said


def test_a_port_in_use_is_said_in_words(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = Program(tmp_path, port=port)
        assert program.ends_with() == 1
    assert f"Port {port} is in use" in program.said
    assert "Traceback" not in program.said
