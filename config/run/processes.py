"""The three processes side by side, with honcho; asked to stop, all of them stop."""

import contextlib
import functools
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process

from config.broker import EmbeddedBroker
from config.run.commands import ROOT, shell_line
from config.tether import end_with_parent

MEANING: Final = {
    "worker": "Pages still open; mail and documents wait until it runs again.",
    "beat": "Pages still open; reminders wait until it runs again.",
    "broker": "Pages still open; mail, documents and reminders wait until it runs again.",
}
# What Celery says when it is told to stop.
UNSURPRISING: Final = frozenset({b"", b"worker: Warm shutdown (MainProcess)"})


class QuietPrinter(Printer):  # type: ignore[misc]
    """Prints what the processes say, not what honcho says about them."""

    def write(self, message: Message) -> None:
        """Print a line with the name of who said it."""
        if message.name != "system" and message.data.strip() not in UNSURPRISING:
            super().write(message)


class TetheredProcess(Process):  # type: ignore[misc]
    """A process that does not outlive the one that started it, whatever ends that one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Tie the command to honcho's process for it."""
        super().__init__(*args, **kwargs)
        self._child_ctor = functools.partial(Popen, preexec_fn=end_with_parent)

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Tie honcho's process, which ignores gentler signals, to ours; then run the command."""
        end_with_parent(signal.SIGKILL)
        super().run(*args, **kwargs)


class Processes(Manager):  # type: ignore[misc]
    """Runs the named commands until one asks it to stop, or the web server ends.

    A worker or beat that ends leaves the pages up: `/readyz` names it, and so does a line here.
    """

    def __init__(self, commands: dict[str, list[str]], *, prepared: Path) -> None:
        """Name what is to run; all but the web server wait for the file that it writes."""
        super().__init__(QuietPrinter(sys.stdout))
        self._process_ctor = TetheredProcess
        self._asked = False
        self._missed: set[str] = set()
        environment = os.environ | {
            "PYTHONUNBUFFERED": "1",
            # Its reason, tasks sent as pickles, does not apply: ours are JSON.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        for name, command in commands.items():
            line = shell_line(command, once_there=None if name == "web" else prepared)
            self.add_process(name, line, env=environment, cwd=str(ROOT))

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to stop, or the web server ended."""
        return self._asked

    def run(self) -> int:
        """Run until the end; return 0 if it was asked for, else 1."""
        try:
            self.loop()
        finally:
            self._sweep()
        if "web" in self._missed:
            sys.stderr.write("The web server ended by itself; the lines above say why.\n")
            return 1
        return 0

    def ask_to_stop(self) -> None:
        """Stop everything, also when it has only just begun to start."""
        self._asked = True

    def watch(self, broker: EmbeddedBroker | None) -> None:
        """Say when the embedded broker, which honcho does not run, ends unasked."""
        if broker:
            self._note_end("broker", broker.wait())

    def terminate(self) -> None:
        """Send each process its signal, once all of them can be named."""
        self._asked = True
        if self._all_started():
            super().terminate()

    def _sweep(self) -> None:
        """End what a killed process left behind: each ran in a process group of its own."""
        for process in self._processes.values():
            if process.get("pid"):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process["pid"], signal.SIGKILL)

    def _any_stopped(self) -> bool:
        # honcho asks this to learn whether to stop the rest.
        for name, process in self._processes.items():
            if process.get("returncode") is not None:
                self._note_end(name, process["returncode"])
        return self._asked or "web" in self._missed

    def _note_end(self, name: str, code: Any) -> None:
        if self._asked or name in self._missed:
            return
        self._missed.add(name)
        if name != "web":
            sys.stdout.write(
                f"The {name} ended (exit code {code}). {MEANING[name]} "
                "Ctrl-C, then `make run`, starts everything again.\n"
            )
            sys.stdout.flush()
