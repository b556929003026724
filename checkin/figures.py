"""What a board shows: figures of persons, as they are counted and kept for a second."""

from dataclasses import dataclass
from datetime import UTC, datetime

from checkin.effective_time import instant


@dataclass(frozen=True)
class ZoneCount:
    """Persons who ever entered a zone, those inside, and the sum of entries."""

    zone: int
    name_en: str
    name_zh: str
    capacity: int | None
    arrived: int
    inside: int
    entries: int

    @property
    def fullness(self) -> str:
        """How full it is, as a code: ``over``, ``full``, ``filling``, ``room``, or none."""
        return fullness(self.inside, self.capacity)


@dataclass(frozen=True)
class DelegationCount:
    """How many of a delegation are expected, have arrived, are inside, are not here, are late.

    ``arrived`` counts everybody with an entry, expected or not; ``missing`` those who are expected
    and have none, ``late`` the missing whose time has come. ``region`` is the code of its state or
    province, ``heads`` the number of heads who are here, ``led`` of those there are.
    """

    delegation: int
    name_en: str
    name_zh: str
    region: str
    expected: int
    arrived: int
    inside: int
    missing: int
    late: int
    led: int
    heads: int

    @property
    def here(self) -> int:
        """How many of those who are expected have arrived."""
        return self.expected - self.missing

    @property
    def unexpected(self) -> int:
        """How many have arrived who are not accredited (any more)."""
        return self.arrived - self.here

    @property
    def head_here(self) -> bool:
        """Whether its head has arrived."""
        return self.heads > 0

    @property
    def is_complete(self) -> bool:
        """Whether all who are expected are here."""
        return self.expected > 0 and self.missing == 0

    @property
    def state(self) -> str:
        """One code for how far it is: ``complete``, ``partly``, ``nobody`` or ``unexpected``."""
        if not self.expected:
            return "unexpected"
        if self.is_complete:
            return "complete"
        return "partly" if self.arrived else "nobody"


@dataclass(frozen=True)
class Principal:
    """A head of delegation or a VIP: when they came, else when they are expected, if told."""

    delegate: int
    name: str
    other_name: str
    title_en: str
    title_zh: str
    delegation: int
    delegation_en: str
    delegation_zh: str
    is_head: bool
    vip: bool
    first_in_ms: int | None
    due_ms: int | None
    due_by: str

    @property
    def at(self) -> datetime | None:
        """When they first came in."""
        return None if self.first_in_ms is None else instant(self.first_in_ms, UTC)

    @property
    def due_at(self) -> datetime | None:
        """When they are expected, as the delegation told."""
        return None if self.due_ms is None else instant(self.due_ms, UTC)


@dataclass(frozen=True)
class Phone:
    """A phone at a gate, its state as a code, and what it last told of itself."""

    device: str
    name: str
    state: str
    battery: int | None
    queued: int | None


@dataclass(frozen=True)
class GateCount:
    """Persons whose first entry was at a gate, its scans of five minutes, and its phones."""

    gate: int
    name_en: str
    name_zh: str
    arrived: int
    scans: int
    last_ms: int | None
    phones: list[Phone]

    @property
    def last_at(self) -> datetime | None:
        """When somebody was last scanned there."""
        return None if self.last_ms is None else instant(self.last_ms, UTC)


@dataclass(frozen=True)
class SessionCount:
    """A session that is on or begins soon: its seats, and who is inside its door."""

    session: int
    title_en: str
    title_zh: str
    room_en: str
    room_zh: str
    starts_ms: int
    ends_ms: int
    capacity: int | None
    seats: int | None
    inside: int | None

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return instant(self.starts_ms, UTC)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return instant(self.ends_ms, UTC)

    @property
    def filled(self) -> int:
        """Those who are inside, or the seats that are taken while nobody is scanned at the door."""
        return self.inside or self.seats or 0

    @property
    def fullness(self) -> str:
        """How full it is, as a code: ``over``, ``full``, ``filling``, ``room``, or none."""
        return fullness(self.filled, self.capacity)


@dataclass(frozen=True)
class Arrival:
    """Somebody's first entry; ``is_odd`` where its time cannot be true."""

    delegate: int
    name: str
    other_name: str
    title_en: str
    title_zh: str
    delegation: int
    delegation_en: str
    delegation_zh: str
    vip: bool
    gate_en: str
    gate_zh: str
    zone_en: str
    zone_zh: str
    at_ms: int
    is_odd: bool

    @property
    def at(self) -> datetime:
        """The instant."""
        return instant(self.at_ms, UTC)


@dataclass(frozen=True)
class Clash:
    """Facts about one person that do not fit together and wait for somebody to settle them."""

    id: str
    kind: str
    name: str
    other_name: str
    delegation_en: str
    delegation_zh: str
    zone_en: str
    zone_zh: str
    raised_ms: int

    @property
    def raised_at(self) -> datetime:
        """When it was noticed."""
        return instant(self.raised_ms, UTC)


def fullness(inside: int, capacity: int | None) -> str:
    """Return how full a place is: ``over``, ``full``, ``filling`` (from 80 %), ``room``, or ``""``.

    A place without a capacity is never full.
    """
    if not capacity:
        return ""
    if inside > capacity:
        return "over"
    if inside == capacity:
        return "full"
    return "filling" if inside * 5 >= capacity * 4 else "room"
