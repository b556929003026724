"""What the phone keeps: its state in one JSON file, the snapshot in another beside it.

Two files, because the snapshot is large and is wiped at once when the device is revoked, while
the queue must outlive that. Each is replaced as a whole and on the disk before the call returns.
"""

import json
import os
import uuid
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from docs.cp1_client.badge import Json
from docs.cp1_client.clock import effective_time

# How long own scans count towards the phone's own presence.
KEEP_MS = 24 * 60 * 60 * 1000


@dataclass
class State:
    """All but the snapshot."""

    address: str = ""
    install_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str | None = None
    device: Json | None = None
    conference: Json | None = None
    # new, enrolled, suspended, revoked, or rejected: the server no longer knows the token.
    standing: str = "new"
    seq: int = 0
    boot: Json | None = None
    anchor: Json | None = None
    contact_ms: int | None = None
    # Own scans: {"record", "device", "decided", "verdict", "fate"}, and "refusal" or "alerts" if
    # the server said so; fate is queued, online (judged by the server), settled or refused.
    scans: list[Json] = field(default_factory=list)


class Store:
    """The two files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.snapshot_path = path.with_suffix(".snapshot.json")
        self.state = State()
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            known = {member.name for member in fields(State)}
            self.state = State(**{name: kept[name] for name in known & kept.keys()})
        self.snapshot: Json | None = None
        if self.snapshot_path.exists():
            self.snapshot = json.loads(self.snapshot_path.read_text(encoding="utf-8"))

    def save(self) -> None:
        """Write the state down, durably."""
        _replace(self.path, asdict(self.state))

    def keep_snapshot(self, snapshot: Json) -> None:
        """Put a whole snapshot in place of the former one."""
        _replace(self.snapshot_path, snapshot)
        self.snapshot = snapshot

    def wipe_snapshot(self) -> None:
        """Forget badges, presence and rules."""
        self.snapshot_path.unlink(missing_ok=True)
        self.snapshot = None

    def queue(self) -> list[Json]:
        """Give the scans that the server has not named yet, in the order they happened."""
        return [scan for scan in self.state.scans if scan["fate"] == "queued"]

    def refused(self) -> list[Json]:
        """Give the scans that the server will never take; they are kept for people."""
        return [scan for scan in self.state.scans if scan["fate"] == "refused"]

    def own_scans(self) -> list[Json]:
        """Give this device's scans as the fold wants them."""
        device = self.state.device and self.state.device["id"]
        return [
            {
                "device": scan["device"],
                "record": scan["record"],
                "verdict": scan["record"]["shown"] or scan["decided"],
            }
            for scan in self.state.scans
            if scan["device"] == device
        ]

    def forget_old_scans(self, now_ms: int) -> None:
        """Drop what was settled more than a day ago."""
        self.state.scans = [
            scan
            for scan in self.state.scans
            if scan["fate"] in {"queued", "refused"}
            or now_ms - effective_time(scan["record"])[0] < KEEP_MS
        ]


def _replace(path: Path, content: Json) -> None:
    new = path.with_suffix(".new")
    # The token is a secret: nobody else may read it.
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
