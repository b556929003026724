"""From nothing to a page: folder, broker, database, demo, then web server, worker and beat."""

import fcntl
import functools
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from config.broker import BrokerDidNotStart, EmbeddedBroker, is_free
from config.run import announcement, commands, parent
from config.run.processes import Processes
from config.settings import env


class CannotRun(Exception):
    """A reason not to start that the person at the terminal can do something about."""


class Asked(BaseException):
    """Somebody asked the program to stop before it was up."""


# An exception out of a signal's handler is lost where it happens to meet code that ignores all
# exceptions, such as a finalizer; so it is noted as well, and looked up between the steps.
_asked_early: list[int] = []


def main() -> int:
    """Run until asked to stop; return 0 then, 1 when it could not start or stay up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_early)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        return _run()
    except (CannotRun, BrokerDidNotStart, ImproperlyConfigured) as reason:
        sys.stdout.flush()
        sys.stderr.write(f"\nPlenary did not start. {reason}\n")
        return 1
    except Asked:
        return 0


def _run() -> int:
    host, port = env.text("HOST", "127.0.0.1"), env.integer("PORT", default=8000, least=1)
    if not is_free(port, host):
        message = f"Port {port} is in use: choose another, such as `PORT={port + 1} make run`."
        raise CannotRun(message)
    with _sole_user_of_the_data_folder(), _broker() as broker:
        _stop_if_asked()
        prepared = commands.data_folder() / "prepared.json"
        prepared.unlink(missing_ok=True)
        os.environ["PLENARY_PREPARED_FILE"] = str(prepared)
        processes = Processes(commands.processes(), prepared=prepared)
        signal.signal(signal.SIGHUP, lambda *_: processes.ask_to_stop())
        announce = functools.partial(
            announcement.wait_and_print,
            host=host,
            port=port,
            prepared=prepared,
            is_stopping=lambda: processes.stopping,
        )
        watch_make = functools.partial(parent.stop_when_make_wants, processes.ask_to_stop)
        watch_broker = functools.partial(processes.watch, broker)
        for work in (announce, watch_make, watch_broker):
            threading.Thread(target=work, daemon=True).start()
        _stop_if_asked()
        return processes.run()


def _stop_early(number: int, _frame: FrameType | None) -> None:
    _asked_early.append(number)
    raise Asked


def _stop_if_asked() -> None:
    if _asked_early:
        raise Asked


@contextmanager
def _sole_user_of_the_data_folder() -> Iterator[None]:
    """Hold the data folder: two servers on one SQLite file and one queue would be a mistake."""
    folder = commands.data_folder()
    # With its folder for collected static files, which the web server looks for.
    (folder / "static").mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = (
                f"It runs already with the data in {folder}: use that one, or give this one "
                "a folder of its own with PLENARY_DATA_DIR."
            )
            raise CannotRun(message) from error
        yield


@contextmanager
def _broker() -> Iterator[EmbeddedBroker | None]:
    """Run the embedded broker around everything else, unless REDIS_URL names a server."""
    if env.text("REDIS_URL", ""):
        yield None
        return
    broker = EmbeddedBroker(commands.data_folder() / "valkey")
    os.environ["REDIS_URL"] = broker.start()
    try:
        yield broker
    finally:
        broker.stop()
