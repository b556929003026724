"""All figures of one conference at one instant, and their way through the cache as JSON."""

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from checkin.effective_time import instant
from checkin.figures import (
    Arrival,
    Clash,
    DelegationCount,
    GateCount,
    Phone,
    Principal,
    SessionCount,
    ZoneCount,
)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The counts at ``as_of_ms``. ``version`` changes with the figures and with nothing else.

    ``quarters`` are quarters of an hour since the epoch with the persons who first came in each,
    ``planned`` hours since the epoch with those who were due in each. ``odd`` counts arrivals
    whose time cannot be true: they are here, but in no chart.
    """

    as_of_ms: int
    version: str = ""
    #: What of the conference itself stands on a board: a change of it is news as well.
    frame: list[str]
    opening_ms: int | None
    unidentified: int
    odd: int
    conflicts: int
    alerts: int
    zones: list[ZoneCount]
    delegations: list[DelegationCount]
    principals: list[Principal]
    gates: list[GateCount]
    sessions: list[SessionCount]
    quarters: list[tuple[int, int]]
    planned: list[tuple[int, int]]
    last: list[Arrival]
    clashes: list[Clash]
    expected: int = field(init=False)
    arrived: int = field(init=False)
    inside: int = field(init=False)
    missing: int = field(init=False)
    late: int = field(init=False)

    def __post_init__(self) -> None:
        """Add up the delegations, so that the whole and its parts never disagree."""
        for name in ("expected", "arrived", "inside", "missing", "late"):
            total = sum(getattr(each, name) for each in self.delegations)
            object.__setattr__(self, name, total)
        if not self.version:
            object.__setattr__(self, "version", self._digest())

    @property
    def as_of(self) -> datetime:
        """The instant at which they were counted."""
        return instant(self.as_of_ms, UTC)

    @property
    def here(self) -> int:
        """How many of those who are expected have arrived."""
        return self.expected - self.missing

    @property
    def heads(self) -> list[Principal]:
        """The heads of delegation, in order of precedence."""
        return [each for each in self.principals if each.is_head]

    @property
    def heads_here(self) -> int:
        """How many heads of delegation have arrived."""
        return sum(each.first_in_ms is not None for each in self.heads)

    def as_json(self) -> str:
        """Return the text from which :meth:`from_json` makes the same snapshot."""
        return _text(vars(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the snapshot of such a text; ValueError where it is not one."""
        try:
            told: dict[str, Any] = json.loads(text)
            given = {each.name: told[each.name] for each in fields(cls) if each.init}
            for name, kind in _LISTS.items():
                given[name] = [kind(**row) for row in given[name]]
            given["gates"] = [_gate(row) for row in given["gates"]]
            for name in ("quarters", "planned"):
                given[name] = [(int(at), int(count)) for at, count in given[name]]
            return cls(**given)
        except (KeyError, TypeError, AttributeError) as error:
            message = "This is not a snapshot."
            raise ValueError(message) from error

    def _digest(self) -> str:
        apart = {"as_of_ms", "version"}
        figures = {name: value for name, value in vars(self).items() if name not in apart}
        return sha256(_text(figures).encode()).hexdigest()[:20]


_LISTS: dict[str, Any] = {
    "zones": ZoneCount,
    "delegations": DelegationCount,
    "principals": Principal,
    "sessions": SessionCount,
    "last": Arrival,
    "clashes": Clash,
}


def _text(figures: dict[str, Any]) -> str:
    # By "vars", as "asdict" copies every list on its way.
    return json.dumps(figures, default=vars, ensure_ascii=False, separators=(",", ":"))


def _gate(row: dict[str, Any]) -> GateCount:
    return GateCount(**row | {"phones": [Phone(**phone) for phone in row["phones"]]})
