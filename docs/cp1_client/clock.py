"""Section 3: when a scan happened, from two clocks of which neither is trusted alone."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from docs.cp1_client.badge import Json

# Clocks that move apart by more than this were stopped, set or started anew.
JUMP_MS = 2000
# An answer that took longer says too little about the time.
SLOW_MS = 5000


@dataclass(frozen=True)
class Moment:
    """One look at both clocks."""

    wall_ms: int
    mono_ms: int
    boot_id: str


class Clock:
    """Both clocks of this machine, the boot they are in and the anchor that ties them to UTC.

    A web page starts a new boot whenever it starts. The monotonic clock of a machine runs on
    between two commands, so here the boot of the last command goes on as long as the two clocks
    agree: after a restart, after sleep and after somebody set the clock they do not.
    """

    def __init__(
        self,
        *,
        boot: Json | None = None,
        anchor: Json | None = None,
        wall: Callable[[], float] = time.time,
        mono: Callable[[], float] = time.monotonic,
    ) -> None:
        self.boot = boot
        self.anchor = anchor
        self._wall, self._mono = wall, mono

    def look(self) -> Moment:
        """Read both clocks, in a new boot if they moved apart since last looked at."""
        wall_ms, mono_ms = int(self._wall() * 1000), int(self._mono() * 1000)
        boot = self.boot
        runs_on = (
            boot is not None
            and mono_ms >= boot["mono_ms"]
            and abs((wall_ms - mono_ms) - (boot["wall_ms"] - boot["mono_ms"])) <= JUMP_MS
        )
        boot_id = boot["boot_id"] if boot is not None and runs_on else str(uuid.uuid4())
        self.boot = {"boot_id": boot_id, "wall_ms": wall_ms, "mono_ms": mono_ms}
        return Moment(wall_ms, mono_ms, boot_id)

    def learn(self, server_ms: int, asked: Moment, answered: Moment) -> None:
        """Take the time that an answer told as the new anchor, if it is fresh enough."""
        round_trip = answered.mono_ms - asked.mono_ms
        if asked.boot_id != answered.boot_id or round_trip > SLOW_MS:
            return
        self.anchor = {
            "server_ms": server_ms + round_trip // 2,
            "mono_ms": answered.mono_ms,
            "boot_id": answered.boot_id,
        }


def effective_time(record: Json) -> tuple[int, bool]:
    """Give the effective time of a record, and whether it is uncertain."""
    anchor = record["anchor"]
    if anchor and anchor["boot_id"] == record["boot_id"]:
        return anchor["server_ms"] + record["mono_ms"] - anchor["mono_ms"], False
    return max(record["wall_ms"], anchor["server_ms"] if anchor else 0), True
