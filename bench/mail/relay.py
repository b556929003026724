"""A line to the broker that can be cut: to a worker, a broker that was stopped."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit, urlunsplit

from config.broker import free_port

_CHUNK = 65536


class Relay:
    """Passes bytes between the workers and Redis or Valkey, or refuses and hangs up."""

    def __init__(self, url: str) -> None:
        """Open the line to the broker at this address."""
        self._parts = urlsplit(url)
        self._port = free_port()
        self._ends: set[socket.socket] = set()
        self._listening: socket.socket | None = None
        self.mend()

    @property
    def url(self) -> str:
        """The address of the broker by this line."""
        login, at, _host = self._parts.netloc.rpartition("@")
        return urlunsplit(self._parts._replace(netloc=f"{login}{at}127.0.0.1:{self._port}"))

    def cut(self) -> None:
        """Hang up every connection and take no more."""
        listening, self._listening = self._listening, None
        if listening is not None:
            _hang_up(listening)
        for end in list(self._ends):
            _hang_up(end)

    def mend(self) -> None:
        """Take connections again."""
        self._listening = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listening.accept()
                far = socket.create_connection(
                    (self._parts.hostname or "127.0.0.1", self._parts.port or 6379)
                )
                self._ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(_CHUNK):
                other.sendall(data)
        for end in (one, other):
            self._ends.discard(end)
            _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    # A mere close would leave a thread that reads from it waiting.
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
