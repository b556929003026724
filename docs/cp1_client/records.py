"""Section 3: scan records, and the identifiers that a phone makes itself."""

import secrets
import uuid

from docs.cp1_client.badge import Json, Reading
from docs.cp1_client.clock import Moment


def uuid7(wall_ms: int) -> str:
    """Make a UUID of version 7: the time in front, 74 random bits behind."""
    value = (max(wall_ms, 0) & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def new_record(
    reading: Reading,
    *,
    seq: int,
    gate: int,
    zone: int,
    direction: str,
    moment: Moment,
    anchor: Json | None,
    cursor: str | None,
    via: str = "qr",
) -> Json:
    """Write the record of a scan that nobody has judged yet."""
    return {
        "scan_id": uuid7(moment.wall_ms),
        "seq": seq,
        "via": via,
        "lookup": reading.lookup,
        "unknown_hash": reading.unknown_hash,
        "gate": gate,
        "zone": zone,
        "direction": direction,
        "wall_ms": moment.wall_ms,
        "boot_id": moment.boot_id,
        "mono_ms": moment.mono_ms,
        "anchor": anchor,
        "cursor": cursor,
        "offline": False,
        "shown": None,
        "override": None,
        "annuls": None,
    }
