"""What a board shows: figures of persons, as they are counted and kept for a second."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from conference.models import Conference

_QUARTER_MS = 900_000
#: A phone's clock may say anything; whatever it says after this is shown as this, which any
#: time zone can show.
_LAST_MS = round(datetime(9999, 12, 1, tzinfo=UTC).timestamp() * 1000)


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


@dataclass(frozen=True)
class DelegationCount:
    """How many of a delegation's accredited people have arrived; ``head_here`` if its head has."""

    delegation: int
    name_en: str
    name_zh: str
    expected: int
    arrived: int
    head_here: bool

    @property
    def is_complete(self) -> bool:
        """Whether all who are expected are here."""
        return self.arrived >= self.expected > 0


@dataclass(frozen=True)
class Arrival:
    """Somebody's first entry; ``at_ms`` is its instant."""

    delegate: int
    name: str
    other_name: str
    title_en: str
    title_zh: str
    delegation_en: str
    delegation_zh: str
    vip: bool
    gate_en: str
    gate_zh: str
    zone_en: str
    zone_zh: str
    at_ms: int

    @property
    def at(self) -> datetime:
        """The instant."""
        return _instant(self.at_ms, UTC)


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
        return datetime.fromtimestamp(self.raised_ms / 1000, tz=UTC)


@dataclass(frozen=True)
class Snapshot:
    """The counts at ``as_of_ms``. ``version`` changes with the figures and with nothing else."""

    as_of_ms: int
    version: str
    expected: int
    arrived: int
    inside: int
    unidentified: int
    zones: list[ZoneCount]
    delegations: list[DelegationCount]
    quarters: list[tuple[int, int]]
    last: list[Arrival]
    clashes: list[Clash]

    def hours(self, conference: Conference) -> list[tuple[datetime, int]]:
        """Return arrivals by hour of the venue's clock on the last day that had any.

        The hours between the first and the last arrival are all there.
        """
        counted: dict[datetime, int] = {}
        for quarter, count in self.quarters:
            at = _instant(quarter * _QUARTER_MS, conference.zone)
            hour = at.replace(minute=0)
            counted[hour] = counted.get(hour, 0) + count
        if not counted:
            return []
        day = max(counted).date()
        found = {hour.hour: (hour, count) for hour, count in counted.items() if hour.date() == day}
        first = found[min(found)][0]
        return [
            found.get(hour, (first.replace(hour=hour), 0))
            for hour in range(min(found), max(found) + 1)
        ]


def _instant(ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(min(ms, _LAST_MS) / 1000, tz=zone)
