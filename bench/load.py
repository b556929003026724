"""The load: phones that keep their connection and scan as fast as they are answered.

Run as a program of its own, so that its work is not counted as the server's. It reads what to do
as JSON from standard input and writes what came of it to standard output.
"""

import json
import socket
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from itertools import count
from typing import Any

_BOOT = str(uuid.uuid4())


def main() -> None:
    """Do what standard input says."""
    asked = json.load(sys.stdin)
    numbers = count(asked["start"])
    latencies: list[float] = []
    codes: Counter[str] = Counter()
    until = time.monotonic() + asked["seconds"]
    kind = asked["kind"]
    pause_s = asked.get("pause_s", 0.0)

    def phone() -> None:
        line = Line(asked["port"])
        own: list[float] = []
        told: Counter[str] = Counter()
        while time.monotonic() < until:
            number = next(numbers)
            request = request_of(kind, asked, number)
            began = time.perf_counter()
            status, body = line.ask(request)
            own.append(time.perf_counter() - began)
            told[f"{status}{_verdict(body)}"] += 1
            if pause_s:
                time.sleep(max(0.0, pause_s - own[-1]))
        latencies.extend(own)
        codes.update(told)

    threads = [threading.Thread(target=phone) for _ in range(asked["clients"])]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    cuts = statistics.quantiles(latencies, n=100) if len(latencies) > 1 else [0.0] * 99
    json.dump(
        {
            "requests": len(latencies),
            "next": next(numbers),
            "per_second": len(latencies) / took,
            "p50_ms": cuts[49] * 1000,
            "p95_ms": cuts[94] * 1000,
            "p99_ms": cuts[98] * 1000,
            "codes": dict(codes),
        },
        sys.stdout,
    )


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._port = port
        self._head = b""
        self._socket = self._connect()

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and body of the answer."""
        try:
            return self._ask(request)
        except OSError:
            # The server may close an idle connection; a phone then opens another.
            self._socket.close()
            self._socket = self._connect()
            return self._ask(request)

    def header(self, name: str) -> str:
        """Return a header of the last answer; empty if it has none."""
        for line in self._head.decode("latin-1").split("\r\n")[1:]:
            told, _, value = line.partition(":")
            if told.lower() == name:
                return value.strip()
        return ""

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        self._head, _, body = received.partition(b"\r\n\r\n")
        length = int(self.header("content-length") or 0)
        # Parts are joined once: five megabytes grown part by part would measure the growing.
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._received())
            missing -= len(parts[-1])
        return int(self._head[9:12]), b"".join(parts)

    def _received(self) -> bytes:
        if data := self._socket.recv(65536):
            return data
        raise ConnectionResetError


def record(asked: dict[str, Any], number: int, **members: Any) -> dict[str, Any]:
    """Return the scan of this number: everybody goes in, then out, then in again."""
    lookups, phones = asked["lookups"], asked["phones"]
    now = round(time.time() * 1000)
    return {
        "scan_id": _uuid7(now),
        "seq": number + 1,
        "via": "qr",
        "lookup": lookups[number % len(lookups)],
        "unknown_hash": None,
        "gate": phones[number % len(phones)]["gate"],
        "zone": asked["zone"],
        "direction": "out" if number // len(lookups) % 2 else "in",
        "wall_ms": now,
        "boot_id": _BOOT,
        "mono_ms": 60_000,
        "anchor": {"server_ms": now - 60_000, "mono_ms": 0, "boot_id": _BOOT},
        "cursor": None,
        "offline": False,
        "shown": None,
        "override": None,
        "annuls": None,
    } | members


def request_of(kind: str, asked: dict[str, Any], number: int) -> bytes:
    """Return the request with this number: a ``scan``, or its ``bare`` reference."""
    return _SCANS[kind](asked, number)


def post(path: str, body: bytes, token: str = "", *more: str) -> bytes:
    """Return a request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", *more]
    lines += [f"Authorization: Bearer {token}"] if token else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def _bare(asked: dict[str, Any], number: int) -> bytes:
    lookups, phones = asked["lookups"], asked["phones"]
    body = {
        "id": _uuid7(round(time.time() * 1000)),
        "code": lookups[number % len(lookups)],
        "gate": phones[number % len(phones)]["gate"],
    }
    token = phones[number % len(phones)]["token"]
    return post("/bench/scan/", json.dumps(body, separators=(",", ":")).encode(), token)


def _scan(asked: dict[str, Any], number: int) -> bytes:
    body = {"scan": record(asked, number), "want_card": False}
    token = asked["phones"][number % len(asked["phones"])]["token"]
    content = json.dumps(body, separators=(",", ":")).encode()
    return post("/api/v1/checkin/scan/", content, token)


def _uuid7(now_ms: int) -> str:
    random = uuid.uuid4().int & ((1 << 80) - 1)
    whole = now_ms << 80 | random
    whole = whole & ~(0xF << 76) | 7 << 76
    whole = whole & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=whole))


def _verdict(body: bytes) -> str:
    _, found, rest = body.partition(b'"verdict":{"code":"')
    return " " + rest.split(b'"', 1)[0].decode() if found else ""


_SCANS = {"bare": _bare, "scan": _scan}

if __name__ == "__main__":
    main()
