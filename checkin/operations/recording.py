"""Scan records as rows, and rows as the records that they came as (CP1, section 3)."""

from datetime import datetime
from uuid import UUID

from checkin.effective_time import effective_time
from checkin.messages import Direction, Record
from checkin.models import Device, Scan
from checkin.operations.keeping import id_text


def new_scan(
    device: Device, record: Record, now: datetime, *, person: tuple[int, int] | None
) -> Scan:
    """Return the row of a record, not stored yet; ``person`` is (badge, delegate)."""
    t_ms, uncertain = effective_time(record)
    badge, delegate = person or (None, None)
    return Scan(
        id=UUID(record["scan_id"]),
        conference_id=device.conference_id,
        device_id=device.pk,
        seq=record["seq"],
        via=record["via"],
        lookup=record["lookup"],
        unknown_hash=record["unknown_hash"],
        badge_id=badge,
        delegate_id=delegate,
        gate_id=record["gate"],
        zone_id=record["zone"],
        direction=record["direction"],
        wall_ms=record["wall_ms"],
        boot_id=UUID(record["boot_id"]),
        mono_ms=record["mono_ms"],
        anchor=record["anchor"],
        cursor=record["cursor"],
        offline=record["offline"],
        override=record["override"],
        annuls=UUID(record["annuls"]) if record["annuls"] else None,
        effective_ms=t_ms,
        uncertain=uncertain,
        shown=record["shown"],
        received_at=now,
    )


def record_of(scan: Scan) -> Record:
    """Return the record that a stored scan came as."""
    direction: Direction = "in" if scan.direction == "in" else "out"
    return Record(
        scan_id=str(scan.pk),
        seq=scan.seq,
        via="desk" if scan.via == "desk" else "qr",
        lookup=scan.lookup,
        unknown_hash=scan.unknown_hash,
        gate=scan.gate_id,
        zone=scan.zone_id,
        direction=direction,
        wall_ms=scan.wall_ms,
        boot_id=str(scan.boot_id),
        mono_ms=scan.mono_ms,
        anchor=scan.anchor,
        cursor=scan.cursor,
        offline=scan.offline,
        shown=scan.shown,
        override=scan.override,
        annuls=id_text(scan.annuls),
    )
