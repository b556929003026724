"""Scan records as rows, and rows as the records that they came as (CP1, section 3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from checkin.effective_time import effective_time
from checkin.messages import Record
from checkin.models import Scan
from checkin.operations.statements import (
    Value,
    from_json,
    id_text,
    id_value,
    json_text,
    moment,
)
from checkin.verdict import Verdict

#: The columns of a scan in the order of the model, which is that of all rows here.
COLUMNS: Final = tuple(str(field.column) for field in Scan._meta.concrete_fields)
_PLACE: Final[Mapping[str, int]] = {name: place for place, name in enumerate(COLUMNS)}
_AS_SENT: Final = (
    "seq",
    "via",
    "lookup",
    "unknown_hash",
    "direction",
    "wall_ms",
    "mono_ms",
    "cursor",
    "shown",
)
_IDS: Final = ("boot_id", "annuls")
_TOLD_ON: Final = (
    "conference_id",
    "delegate_id",
    "gate_id",
    "zone_id",
    "direction",
    "effective_ms",
    "decided",
    "shown",
)


def row_of(
    record: Record,
    *,
    device: UUID,
    conference: int,
    now: datetime,
    person: tuple[int, int] | None,
    verdict: Verdict | None = None,
    quarantine: str = Scan.Quarantine.NONE,
) -> dict[str, Value]:
    """Return the row of a record, not stored yet; ``person`` is (badge, delegate)."""
    t_ms, uncertain = effective_time(record)
    badge, delegate = person or (None, None)
    anchor, override = record["anchor"], record["override"]
    return {
        "id": id_value(record["scan_id"]),
        "conference_id": conference,
        "device_id": device.hex,
        "seq": record["seq"],
        "via": record["via"],
        "lookup": record["lookup"],
        "unknown_hash": record["unknown_hash"],
        "badge_id": badge,
        "delegate_id": delegate,
        "gate_id": record["gate"],
        "zone_id": record["zone"],
        "direction": record["direction"],
        "wall_ms": record["wall_ms"],
        "boot_id": id_value(record["boot_id"]),
        "mono_ms": record["mono_ms"],
        "anchor": json_text(anchor) if anchor is not None else None,
        "cursor": record["cursor"],
        "offline": record["offline"],
        "override": json_text(override) if override is not None else None,
        "annuls": id_value(record["annuls"]),
        "effective_ms": t_ms,
        "uncertain": uncertain,
        "decided": verdict.code.value if verdict else None,
        "decided_params": json_text(verdict.params) if verdict else "{}",
        "decided_also": json_text([code.value for code in verdict.also]) if verdict else "[]",
        "shown": record["shown"],
        "quarantine": str(quarantine),
        "received_at": moment(now),
    }


def scan_of(row: Mapping[str, Value]) -> Scan:
    """Return a row that has just been stored as far as alerts ask of it."""
    return Scan(
        id=UUID(str(row["id"])),
        device_id=UUID(str(row["device_id"])),
        **{name: row[name] for name in _TOLD_ON},
    )


def values_of(row: Mapping[str, Value]) -> list[Value]:
    """Return the values of a row in the order of ``COLUMNS``."""
    return [row[name] for name in COLUMNS]


def device_of(columns: Sequence[Any]) -> str:
    """Return the id of the device that a stored scan came from."""
    return id_text(columns[_PLACE["device_id"]]) or ""


def member(columns: Sequence[Any], name: str) -> Any:
    """Return one column of a stored scan by its name, as the engine gives it."""
    return columns[_PLACE[name]]


def record_of(columns: Sequence[Any]) -> Record:
    """Return the record that a stored scan came as, from its columns in the order of the model."""
    sent: dict[str, Any] = {name: columns[_PLACE[name]] for name in _AS_SENT}
    sent |= {name: id_text(columns[_PLACE[name]]) for name in _IDS}
    sent |= {
        "scan_id": id_text(columns[_PLACE["id"]]),
        "gate": columns[_PLACE["gate_id"]],
        "zone": columns[_PLACE["zone_id"]],
        "anchor": from_json(columns[_PLACE["anchor"]]),
        "offline": bool(columns[_PLACE["offline"]]),
        "override": from_json(columns[_PLACE["override"]]),
    }
    return cast("Record", sent)
