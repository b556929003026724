"""The mail server at the other end: takes every letter and writes each down before it answers.

A program of its own, so that no accident of the workers touches its record: one line of JSON for
each text that came over the line, whether or not anybody lived to hear the answer.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.place import ROOT
from config.broker import free_port, is_free
from config.tether import end_with_parent

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_CALENDAR = re.compile(rb"^content-type:\s*text/calendar", re.IGNORECASE | re.MULTILINE)
_STARTS_WITHIN_S = 20


@dataclass(frozen=True)
class Arrival:
    """A text that came: whose, when (seconds since the epoch), how long, and what with it."""

    message_id: str
    to: str
    at: float
    size: int
    has_calendar: bool


class Sink:
    """The server as a process, and its record."""

    def __init__(self, folder: Path, *, pause_ms: int = 0) -> None:
        """Start it; it waits so long before each answer, as a server far away does."""
        self.port = free_port()
        self._record = folder / f"arrived-{self.port}.jsonl"
        self._record.touch()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.mail.sink",
                *map(str, (self.port, self._record, pause_ms)),
            ],
            cwd=ROOT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl call
        )
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while is_free(self.port):
            if time.monotonic() > deadline:
                raise SystemExit("the mail server of the test did not start")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """The EMAIL_URL that leads here."""
        return f"smtp://127.0.0.1:{self.port}"

    def arrived(self) -> list[Arrival]:
        """Return what has come so far, in order; a line that is being written is not yet there."""
        text = self._record.read_text()
        return [Arrival(**json.loads(line)) for line in text[: text.rfind("\n") + 1].splitlines()]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


class _Handler:
    def __init__(self, record: Path, pause_s: float) -> None:
        self._file = os.open(record, os.O_WRONLY | os.O_APPEND)
        self._pause_s = pause_s

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        found = _MESSAGE_ID.search(content)
        line = {
            "message_id": found[1].decode() if found else "",
            "to": envelope.rcpt_tos[0],
            "at": time.time(),
            "size": len(content),
            "has_calendar": bool(_CALENDAR.search(content)),
        }
        os.write(self._file, json.dumps(line).encode() + b"\n")
        await asyncio.sleep(self._pause_s)
        return "250 2.0.0 taken"


async def _serve(port: int, record: Path, pause_s: float) -> None:
    handler = _Handler(record, pause_s)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="sink", loop=loop), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) / 1000))
