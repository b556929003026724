"""Section 2: one request and its answer, and how long to wait after none."""

import gzip
import http.client
import json
import random
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from docs.cp1_client.badge import Json
from docs.cp1_client.clock import Clock

BASE = "/api/v1/checkin/"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: Any


class NoAnswer(Exception):
    """The server was not reached, or something else answered in its place."""


class Refusal(Exception):
    """The server answered with an error."""

    def __init__(self, status: int, code: str, detail: str, retry_after: float | None) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status == 429 or self.status >= 500


class Wire:
    """The way to one server; ``clock`` learns the time from every answer."""

    def __init__(self, address: str, clock: Clock, *, language: str = "en") -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError(f"only https leads to a server elsewhere: {address}")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._clock, self._language = clock, language

    def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        token: str | None = None,
        query: Mapping[str, str] | None = None,
        etag: str | None = None,
        zipped: bool = False,
        within: float = 30.0,
    ) -> Answer:
        """Ask once; raise ``NoAnswer`` or ``Refusal`` unless it is a 2xx or 304."""
        headers = {"Accept-Encoding": "gzip", "Accept-Language": self._language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if etag is not None:
            headers["If-None-Match"] = f'"{etag}"'
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
            if zipped:
                content = gzip.compress(content)
                headers["Content-Encoding"] = "gzip"
        target = BASE + path + ("?" + urlencode(query) if query else "")
        asked = self._clock.look()
        try:
            answer = self._exchange(method, target, content, headers, within)
        except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError) as broken:
            raise NoAnswer(str(broken) or type(broken).__name__) from broken
        # Hotel networks answer for everybody; their word must not wipe or settle anything.
        told = answer.headers.get("cp1-time", "")
        if not (told.isascii() and told.isdigit()):
            raise NoAnswer(f"{answer.status} from something that is not the server")
        self._clock.learn(int(told), asked, self._clock.look())
        if answer.status == 304 or 200 <= answer.status < 300:
            return answer
        raise _refusal(answer)

    def _exchange(
        self,
        method: str,
        target: str,
        content: bytes | None,
        headers: Mapping[str, str],
        within: float,
    ) -> Answer:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=within)
        began = time.monotonic()
        connection.connect()
        # The time-out of a socket counts each wait anew; this one counts all of them.
        left = max(within - (time.monotonic() - began), 0)
        alarm = threading.Timer(left, _hang_up, [connection.sock])
        alarm.daemon = True
        alarm.start()
        try:
            connection.request(method, target, content, dict(headers))
            response = connection.getresponse()
            raw = response.read()
        finally:
            alarm.cancel()
            connection.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        if names.get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        is_json = names.get("content-type", "").startswith("application/json")
        return Answer(response.status, names, json.loads(raw) if raw and is_json else None)


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was over already


def _refusal(answer: Answer) -> Refusal:
    body = answer.body if isinstance(answer.body, dict) else {}
    wait = answer.headers.get("retry-after", "")
    return Refusal(
        answer.status,
        str(body.get("code", "")),
        str(body.get("detail", "")),
        float(wait) if wait.isascii() and wait.isdigit() else None,
    )


def waits() -> Iterator[float]:
    """Give the waits between tries: 1, 2, 4 … 60 seconds."""
    seconds = 1.0
    while True:
        yield seconds
        seconds = min(seconds * 2, 60.0)


def patiently(
    action: Callable[[], Result],
    *,
    tries: int,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Do an action again while its failure may pass, waiting as the page says."""
    pauses = waits()
    for _ in range(tries - 1):
        try:
            return action()
        except NoAnswer:
            pause = next(pauses)
        except Refusal as refusal:
            if not refusal.may_pass:
                raise
            pause = next(pauses) if refusal.retry_after is None else refusal.retry_after
        sleep(pause * (1 + random.uniform(0, 0.5)))
    return action()
