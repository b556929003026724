"""The shapes of CP1 as they go over the wire: members that are read, by name.

A receiver ignores members that it does not know. Instants end in ``_ms``: milliseconds since the
Unix epoch, UTC. Windows are half open, ``[from_ms, until_ms]``, None for no bound.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, TypedDict

Direction = Literal["in", "out"]
Reentry = Literal["after_exit", "never", "free"]
Status = Literal["ok", "unconfirmed", "revoked", "blocked"]
Quarantine = Literal["held", "accepted", "rejected"]
Window = Sequence[int | None]


class Code(StrEnum):
    """What a guard is told (section 4); the last two are shown, never judged."""

    ADMIT = "admit"
    EXIT_OK = "exit_ok"
    ADMIT_PROVISIONAL = "admit_provisional"
    ALREADY_INSIDE = "already_inside"
    WRONG_ZONE = "wrong_zone"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"
    REVOKED = "revoked"
    BLOCKED = "blocked"
    WRONG_CONFERENCE = "wrong_conference"
    UNKNOWN = "unknown"
    REFER = "refer"
    OVERRIDE_ADMIT = "override_admit"
    ANNULLED = "annulled"


class Anchor(TypedDict):
    """What the server's clock said, and the phone's monotonic clock then (section 3)."""

    server_ms: int
    mono_ms: int
    boot_id: str


class Clocks(TypedDict):
    """The members of a scan record that tell its time (section 3)."""

    wall_ms: int
    boot_id: str
    mono_ms: int
    anchor: Anchor | None


class Override(TypedDict):
    """Who waved which refusals through, and why (section 3)."""

    by: int
    reason: str
    note: str
    codes: list[str]


class Record(Clocks):
    """A scan record (section 3). All members are required."""

    scan_id: str
    seq: int
    via: Literal["qr", "desk"]
    lookup: str | None
    unknown_hash: str | None
    gate: int
    zone: int
    direction: Direction
    cursor: str | None
    offline: bool
    shown: str | None
    override: Override | None
    annuls: str | None


class Delivery(TypedDict):
    """A record as it came: from which device, by way of quarantine or not, what the server said."""

    device: str
    quarantine: Quarantine | None
    decided: str | None
    record: Record


class FoldRules(TypedDict):
    """The members of a zone that the fold reads (section 6). ``resets`` are sorted."""

    id: int
    reentry: Reentry
    resets: list[int]


class ZoneRules(FoldRules):
    """The members of a zone that the verdict reads (section 2)."""

    open_to: list[int]
    windows: list[list[int | None]]
    provisional: list[int]
    escort: bool


class Entry(TypedDict):
    """The member of a snapshot's badge row that the verdict reads."""

    status: Status


class PresenceRow(TypedDict):
    """A person's presence in a zone (section 6).

    ``in_…`` and ``gate`` tell the entry that opened the stay, or the last one; ``at_…`` the last
    entry or exit. Whether somebody is inside *now* also depends on the zone's resets.
    """

    inside: bool
    in_ms: int | None
    in_scan: str | None
    gate: int | None
    at_ms: int | None
    at_scan: str | None
