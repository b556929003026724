"""One HTTP POST to an address that was checked before: no redirect, no more than a few seconds."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from conference.operations.channels import dialling
from conference.operations.channels.contract import GoneError, RefusedError, TryLaterError

#: For the whole of it, however slowly the answer drips.
SECONDS = 10.0
_ANSWER_READ = 2000
_LONGEST_WAIT = 3600
_BUSY = {408, 425, 429}
#: Connects to a host and port within so many seconds.
Dial = Callable[[dialling.HostAndPort, float], socket.socket]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The status, the beginning of the text, and the wait that was asked for."""

    status: int
    #: The beginning as it came, and in one short line for people.
    text: str
    words: str
    retry_after: timedelta | None

    def __str__(self) -> str:
        return f"{self.status} {self.words}".strip()


class _Connection(http.client.HTTPConnection):
    """A connection that is dialled as it is told to, secured where the address says so."""

    def __init__(self, netloc: str, dial: Dial, seconds: float, *, is_secure: bool) -> None:
        """Connect to nothing yet."""
        self.default_port = 443 if is_secure else 80
        super().__init__(netloc, timeout=seconds)
        self._dial, self._seconds, self._is_secure = dial, seconds, is_secure

    def connect(self) -> None:
        """Open the line."""
        self.sock = self._dial((self.host, self.port), self._seconds)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    dial: Dial = dialling.anywhere,
) -> Answer:
    """Post to this address and return the answer; raises TryLaterError where there is none."""
    parts = urlsplit(url)
    connection = _Connection(parts.netloc, dial, seconds, is_secure=parts.scheme == "https")
    path = parts.path or "/"
    # A time-out of the socket is for each piece: only this bounds an answer that drips.
    watch = threading.Timer(seconds, _hang_up, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            "POST", f"{path}?{parts.query}" if parts.query else path, body, dict(headers)
        )
        answer = connection.getresponse()
        text = answer.read(_ANSWER_READ).decode("utf-8", "replace")
        wait = answer.headers.get("Retry-After", "")
    except (OSError, http.client.HTTPException) as failure:
        raise TryLaterError(f"{type(failure).__name__}: {failure}") from failure
    finally:
        watch.cancel()
        connection.close()
    return Answer(
        status=answer.status,
        text=text,
        words=" ".join(text.split())[:200],
        retry_after=_wait(wait.strip()),
    )


def judge(answer: Answer, *, gone: tuple[int, ...] = ()) -> str:
    """Return the words of an answer that took it; raises what another answer means."""
    if 200 <= answer.status < 300:
        return str(answer)
    if answer.status in gone:
        raise GoneError(str(answer))
    if answer.status in _BUSY or answer.status >= 500:
        raise TryLaterError(str(answer), after=answer.retry_after)
    # A redirect too: it would lead to an address that nobody has checked.
    raise RefusedError(str(answer))


def _wait(said: str) -> timedelta | None:
    """Return the wait that Retry-After asks for, in seconds or as a date; an hour at most."""
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), _LONGEST_WAIT))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    seconds = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return timedelta(seconds=min(max(seconds, 0), _LONGEST_WAIT))


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
