"""One HTTP POST to an address that was checked before: no redirect, no more than a few seconds."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from conference.operations.channels.contract import GoneError, RefusedError, TryLaterError

#: For the whole of it, however slowly the answer drips.
SECONDS = 10.0
_ANSWER_READ = 2000
_BUSY = {408, 425, 429}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The status, the beginning of the text, and the wait that was asked for."""

    status: int
    words: str
    retry_after: timedelta | None

    def __str__(self) -> str:
        return f"{self.status} {self.words}".strip()


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Post to this address and return the answer; raises TryLaterError where there is none."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=seconds, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
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
        words = answer.read(_ANSWER_READ).decode("utf-8", "replace")
        wait = answer.headers.get("Retry-After", "")
    except (OSError, http.client.HTTPException) as failure:
        raise TryLaterError(f"{type(failure).__name__}: {failure}") from failure
    finally:
        watch.cancel()
        connection.close()
    return Answer(
        status=answer.status,
        words=" ".join(words.split())[:200],
        retry_after=timedelta(seconds=min(int(wait), 3600)) if wait.isdecimal() else None,
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


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
