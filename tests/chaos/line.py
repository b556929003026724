"""The line between one phone and the server: a small proxy at which everything can go wrong.

It speaks plain HTTP/1.1 and passes on each exchange as it is, unless a fault was laid into its way.
What the server did and what the phone hears of it are thereby two things, as they are in a hall
full of people.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from config.broker import free_port

HEAD_END = b"\r\n\r\n"


class HungUp(Exception):
    """The phone or the server has closed the connection."""


@dataclass
class Exchange:
    """One question of the phone, on its way."""

    method: str
    path: str
    head: bytes
    body: bytes
    port: int
    phone: asyncio.StreamWriter

    async def ask(self, *, body: bytes | None = None) -> bytes:
        """Put the question to the server and return its whole answer, as bytes."""
        reader, writer = await self._send(self.body if body is None else body)
        try:
            return await reader.read()
        except ConnectionError as trouble:
            raise HungUp from trouble
        finally:
            # All is heard, or nobody listens any more: nothing is left to be sent in turns to come.
            writer.transport.abort()

    async def ask_half(self) -> None:
        """Begin to put the question, then break off in the middle of its body."""
        _reader, writer = await self._send(self.body[: len(self.body) // 2])
        writer.transport.abort()

    async def answer(self, raw: bytes) -> None:
        """Let the phone hear this."""
        try:
            self.phone.write(raw)
            await self.phone.drain()
        except ConnectionError as trouble:
            raise HungUp from trouble

    async def _send(self, body: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError as trouble:
            raise HungUp from trouble
        try:
            writer.write(self.head + body)
            await writer.drain()
        except OSError as trouble:
            writer.transport.abort()
            raise HungUp from trouble
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        return reader, writer


Deed = Callable[[Exchange], Awaitable[None]]


@dataclass
class Fault:
    """Something that happens to questions at addresses that end so, so many times."""

    where: str
    deed: Deed
    left: int
    met: int = 0

    def meets(self, path: str) -> bool:
        return self.left > 0 and path.partition("?")[0].endswith(self.where)


@dataclass
class Line:
    """One phone's way to the server."""

    server_port: int
    port: int = field(default_factory=free_port)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lay(self, where: str, deed: Deed, *, times: int = 1) -> Fault:
        """Lay a fault into the way of the next questions at this address."""
        fault = Fault(where, deed, times)
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Take all faults away."""
        self.faults.clear()

    def cut(self) -> None:
        """Refuse connections and break those that are open; the browser is told nothing."""
        self._do(self._cut())

    def mend(self) -> None:
        """Take connections again."""
        self._do(self._mend())

    def close(self) -> None:
        """End it for good."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def times_asked(self, where: str) -> int:
        """Return how often the phone has asked at an address that ends so."""
        return sum(path.partition("?")[0].endswith(where) for _method, path in self.asked)

    def _do(self, work: Awaitable[None]) -> None:
        asyncio.run_coroutine_threadsafe(_as_coroutine(work), self._loop).result(timeout=10)

    async def _mend(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._met, "127.0.0.1", self.port, limit=2**20
            )

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        # Twice: what was accepted just before comes up in the turns between.
        for _ in range(2):
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await asyncio.sleep(0.02)
            # The loop closes sockets in turns to come, and may be stopped after this one.
            writers = list(self._writers)
            for writer in writers:
                writer.transport.abort()
            closed = (writer.wait_closed() for writer in writers)
            await asyncio.gather(*closed, return_exceptions=True)
            self._writers.difference_update(writers)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._meet(reader, writer))
        self._open.add(task)
        self._writers.add(writer)

        def end(task: asyncio.Task[None]) -> None:
            self._open.discard(task)
            if task.cancelled():  # perhaps before it had begun
                writer.transport.abort()
            else:
                writer.close()

        task.add_done_callback(end)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._pass_on(await _read(reader, writer, self.server_port))
        except (HungUp, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()

    async def _pass_on(self, exchange: Exchange) -> None:
        self.asked.append((exchange.method, exchange.path))
        for fault in self.faults:
            if fault.meets(exchange.path):
                fault.left -= 1
                fault.met += 1
                await fault.deed(exchange)
                return
        await exchange.answer(await exchange.ask())


async def _as_coroutine(work: Awaitable[None]) -> None:
    await work


async def _read(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server_port: int
) -> Exchange:
    head = await reader.readuntil(HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    kept = [line for line in lines if line and not line.lower().startswith("connection:")]
    length = 0
    for line in kept:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    body = await reader.readexactly(length)
    passed = "\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1")
    return Exchange(method, path, passed, body, server_port, writer)


# --- What can go wrong ---------------------------------------------------------------------------


async def hang_up(exchange: Exchange) -> None:
    """Break the connection before the server hears a word."""
    raise HungUp


async def lose_the_answer(exchange: Exchange) -> None:
    """Let the server do what it was asked, and break the connection before its answer comes."""
    await exchange.ask()
    raise HungUp


async def swallow(exchange: Exchange) -> None:
    """Take the question, and never say anything."""
    await asyncio.sleep(3600)


async def break_off_the_question(exchange: Exchange) -> None:
    """Bring half of the body to the server, then break."""
    await exchange.ask_half()
    raise HungUp


async def twice(exchange: Exchange) -> None:
    """Put the question twice, as a proxy does that tries again by itself."""
    await exchange.ask()
    await exchange.answer(await exchange.ask())


def late_answer(ms: int) -> Deed:
    """The server hears it at once; its answer takes so long."""

    async def deed(exchange: Exchange) -> None:
        answer = await exchange.ask()
        await asyncio.sleep(ms / 1000)
        await exchange.answer(answer)

    return deed


def late_question(ms: int) -> Deed:
    """The question takes so long to reach the server, and does so though the phone gave up."""

    async def deed(exchange: Exchange) -> None:
        await asyncio.sleep(ms / 1000)
        await exchange.answer(await exchange.ask())

    return deed


def cut_short(part: float, *, whole_length: bool = True) -> Deed:
    """Let the phone hear the first part of the answer's body only.

    With `whole_length` the connection breaks there; else the answer looks complete, and its JSON
    ends in the middle.
    """

    async def deed(exchange: Exchange) -> None:
        head, _, body = (await exchange.ask()).partition(HEAD_END)
        kept = body[: int(len(body) * part)]
        if not whole_length:
            lines = [
                line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-len")
            ]
            head = b"\r\n".join([*lines, b"Content-Length: %d" % len(kept)])
        await exchange.answer(head + HEAD_END + kept)
        if whole_length:
            raise HungUp

    return deed


def instead(status: int, body: bytes = b"", *, headers: str = "", heard: bool = False) -> Deed:
    """Answer in place of the server; with `heard` it has done its work all the same."""

    async def deed(exchange: Exchange) -> None:
        if heard:
            await exchange.ask()
        head = f"HTTP/1.1 {status} Chaos\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        await exchange.answer((head + headers + "\r\n").encode() + body)

    return deed


def refusal(status: int, code: str, *, retry_after: int | None = None) -> Deed:
    """Answer with an error as the protocol has it."""
    headers = "Content-Type: application/json\r\n"
    if retry_after is not None:
        headers += f"Retry-After: {retry_after}\r\n"
    return instead(status, b'{"code":"%s","detail":"Chaos."}' % code.encode(), headers=headers)


SIGN_IN_PAGE = b"<!doctype html><title>Hotel WiFi</title><p>Please accept our terms."
captive_portal = instead(200, SIGN_IN_PAGE, headers="Content-Type: text/html\r\n")
captive_redirect = instead(302, headers="Location: https://wifi.hotel.invalid/\r\n")


def rewritten(change: Callable[[bytes], bytes]) -> Deed:
    """Let the phone hear a changed answer: another version of a file."""

    async def deed(exchange: Exchange) -> None:
        head, _, body = (await exchange.ask()).partition(HEAD_END)
        body = change(body)
        lines = [
            line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-len")
        ]
        head = b"\r\n".join([*lines, b"Content-Length: %d" % len(body)])
        await exchange.answer(head + HEAD_END + body)

    return deed
