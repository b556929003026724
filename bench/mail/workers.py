"""The processes that send: two workers and beat, as `make run` starts them, each to be killed."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from bench.place import ROOT
from config.run.commands import processes
from config.tether import end_with_parent

WORKERS = 2
_STARTS_WITHIN_S = 60


class Workers:
    """Two workers with one process each, and beat."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Start them all."""
        self._environment = os.environ | environment
        self._log = folder / "workers.log"
        worker = [*processes()["worker"]]
        worker[worker.index("--concurrency") + 1] = "1"
        self._names = [f"w{n}@chaos" for n in range(WORKERS)]
        self._commands = [[*worker, "--hostname", name] for name in self._names]
        self._running = [self._start(command) for command in self._commands]
        self._beat = self._start(processes()["beat"])

    def kill(self, number: int) -> None:
        """Kill one worker with its child, in the middle of whatever it does; start it anew."""
        self._end(self._running[number], signal.SIGKILL)
        self._running[number] = self._start(self._commands[number])

    def memory(self) -> float:
        """Return what the workers' sending processes hold at the most, in MB."""
        held = [0.0]
        for worker in self._running:
            with contextlib.suppress(psutil.Error):
                held += [
                    child.memory_info().rss / 1e6
                    for child in psutil.Process(worker.pid).children(recursive=True)
                ]
        return max(held)

    def wait_until_all_listen(self) -> None:
        """Wait until each worker answers, so that none is killed before it does anything."""
        from config.celery import app  # noqa: PLC0415 - settings are ready only now

        deadline = time.monotonic() + _STARTS_WITHIN_S
        while len(app.control.ping(destination=self._names, timeout=1, limit=WORKERS)) < WORKERS:
            if time.monotonic() > deadline:
                raise SystemExit(f"not every worker answers:\n{self.said()}")

    def stop(self) -> None:
        """Kill them all."""
        for process in (*self._running, self._beat):
            self._end(process, signal.SIGKILL)

    def said(self) -> str:
        """Return the end of what they wrote."""
        return self._log.read_text(errors="replace")[-3000:]

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl call
            )

    @staticmethod
    def _end(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, by)
        process.wait()
