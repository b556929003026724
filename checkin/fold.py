"""Who is where: the fold of entries and exits, per person and zone (CP1, sections 6 to 8).

Everything here is a function of the set of scans: neither the order in which they came nor how
often makes a difference. ``static/checkin/fold.js`` is its twin.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

from checkin.effective_time import contains, period
from checkin.merge import Fact, Move, moves
from checkin.messages import FoldRules, PresenceRow, Window

_NEVER_REVOKED: Final[Mapping[str, int | None]] = {}


class ConflictKind(StrEnum):
    """Facts that do not fit together (section 7)."""

    DOUBLE_ENTRY = "double_entry"
    EXIT_WITHOUT_ENTRY = "exit_without_entry"
    ADMITTED_AFTER_REVOCATION = "admitted_after_revocation"
    ADMITTED_WHILE_BLOCKED = "admitted_while_blocked"
    TIME_UNCERTAIN = "time_uncertain"


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict within one (person, zone). ``scans`` are scan ids, ascending."""

    kind: ConflictKind
    scans: tuple[str, ...]

    @property
    def id(self) -> str:
        """The identity under which it is raised once."""
        return conflict_id(self.kind, self.scans)


@dataclass(frozen=True, slots=True)
class Fold:
    """What the scans of one person come to in one zone."""

    zone: int
    presence: PresenceRow
    first_in_ms: int | None
    entries: int
    clashes: tuple[Clash, ...]

    def is_inside_at(self, now_ms: int, resets: Sequence[int]) -> bool:
        """Return whether the person is inside at ``now_ms``: no reset since the stay began."""
        in_ms = self.presence["in_ms"]
        return (
            self.presence["inside"]
            and in_ms is not None
            and period(resets, in_ms) == period(resets, now_ms)
        )


def conflict_id(kind: str, scans: Iterable[str]) -> str:
    """Return the 32 hex that name a conflict of these scans, in whatever order they are given."""
    named = "\n".join(["cp1-conflict", kind, *sorted(scans)])
    return sha256(named.encode()).digest()[:16].hex()


def fold_person(
    scans: Iterable[Fact],
    zones: Mapping[int, FoldRules],
    *,
    revoked: Mapping[str, int | None] = _NEVER_REVOKED,
    blocked: Sequence[Window] = (),
) -> dict[int, Fold]:
    """Return, by zone id ascending, what all scans of one person come to.

    ``scans`` are those of all the person's lookups, ``revoked`` the instants at which lookups were
    revoked, ``blocked`` the windows in which the person was. Zones without an entry or exit, and
    zones that are not in ``zones``, are left out.
    """
    by_zone: defaultdict[int, list[Move]] = defaultdict(list)
    for move in moves(scans):
        by_zone[move.zone].append(move)
    folds: dict[int, Fold] = {}
    for zone_id in sorted(by_zone.keys() & zones.keys()):
        rules, here = zones[zone_id], by_zone[zone_id]
        folded = fold(here, rules)
        doubts = _admitted_wrongly(here, revoked, blocked) + _uncertain(here, rules)
        folds[zone_id] = replace(folded, clashes=folded.clashes + doubts)
    return folds


def fold(here: Iterable[Move], rules: FoldRules) -> Fold:
    """Return what the moves of one person in one zone come to, in the order of their time.

    Of the conflicts only those that the order itself shows: ``double_entry`` and
    ``exit_without_entry``.
    """
    resets, ordered = rules["resets"], sorted(here, key=lambda move: move.order)
    inside, entries = False, 0
    opening: Move | None = None
    last_in: Move | None = None
    clashes: list[Clash] = []
    for move in ordered:
        if move.kind == "exit":
            if not inside and rules["reentry"] != "free":
                clashes.append(_clash(ConflictKind.EXIT_WITHOUT_ENTRY, move))
            inside = False
            continue
        if last_in and _is_repeat(move, last_in, rules, inside=inside):
            clashes.append(_clash(ConflictKind.DOUBLE_ENTRY, last_in, move))
        if not inside or opening is None or _is_new_period(opening, move, resets):
            opening, entries = move, entries + 1
        inside, last_in = True, move
    return Fold(
        zone=rules["id"],
        presence=_row(opening, ordered[-1] if ordered else None, inside=inside),
        first_in_ms=next((move.t_ms for move in ordered if move.kind == "entry"), None),
        entries=entries,
        clashes=tuple(clashes),
    )


def local_presence(
    row: PresenceRow | None, own: Iterable[Fact], lookup: str, rules: FoldRules
) -> PresenceRow | None:
    """Return a phone's own view of one badge in one zone (section 6, last paragraph).

    ``row`` is the snapshot's, ``own`` the phone's own scans. Where both know a scan, the phone's
    counts, with its annulments. None if nothing is known.
    """
    mine = [scan for scan in own if scan.lookup == lookup]
    known = {scan.scan_id for scan in mine}
    told = [move for move in _told(row, lookup, rules["id"]) if move.scan_id not in known]
    here = [move for move in moves(mine) if move.zone == rules["id"]] + told
    return fold(here, rules).presence if here else None


def _is_new_period(earlier: Move, later: Move, resets: Sequence[int]) -> bool:
    """Return whether a reset lies between two moves."""
    return period(resets, earlier.t_ms) != period(resets, later.t_ms)


def _is_repeat(move: Move, last_in: Move, rules: FoldRules, *, inside: bool) -> bool:
    """Return whether an entry repeats the one before it, and nobody waved it through."""
    reentry = rules["reentry"]
    return (
        not move.overridden
        and not _is_new_period(last_in, move, rules["resets"])
        and (reentry == "never" or (reentry == "after_exit" and inside))
    )


def _admitted_wrongly(
    here: Sequence[Move], revoked: Mapping[str, int | None], blocked: Sequence[Window]
) -> tuple[Clash, ...]:
    """Return the entries on a revoked badge and those of a blocked person."""
    clashes: list[Clash] = []
    for move in here:
        if move.kind != "entry":
            continue
        since = revoked.get(move.lookup)
        if since is not None and move.t_ms >= since:
            clashes.append(_clash(ConflictKind.ADMITTED_AFTER_REVOCATION, move))
        if any(contains(window, move.t_ms) for window in blocked):
            clashes.append(_clash(ConflictKind.ADMITTED_WHILE_BLOCKED, move))
    return tuple(clashes)


def _uncertain(here: Sequence[Move], rules: FoldRules) -> tuple[Clash, ...]:
    """Return the moves whose place in the order is unsure and matters."""
    devices = {move.device for move in here}
    if rules["reentry"] == "free" or len(devices) == 1:
        return ()
    return tuple(_clash(ConflictKind.TIME_UNCERTAIN, move) for move in here if move.uncertain)


def _clash(kind: ConflictKind, *of: Move) -> Clash:
    """Return the conflict of these moves."""
    return Clash(kind, tuple(sorted(move.scan_id for move in of)))


def _row(opening: Move | None, last: Move | None, *, inside: bool) -> PresenceRow:
    """Return the presence row after the last move."""
    return PresenceRow(
        inside=inside,
        in_ms=opening.t_ms if opening else None,
        in_scan=opening.scan_id if opening else None,
        gate=opening.gate if opening else None,
        at_ms=last.t_ms if last else None,
        at_scan=last.scan_id if last else None,
    )


def _told(row: PresenceRow | None, lookup: str, zone: int) -> Iterator[Move]:
    """Yield the opening entry and the exit that a snapshot's row tells of."""
    if row is None:
        return
    if row["in_ms"] is not None and row["in_scan"] is not None:
        yield Move(
            kind="entry",
            zone=zone,
            gate=row["gate"],
            lookup=lookup,
            scan_id=row["in_scan"],
            device="",
            seq=0,
            t_ms=row["in_ms"],
        )
    if row["inside"] or row["at_ms"] is None or row["at_scan"] in {None, row["in_scan"]}:
        return
    yield Move(
        kind="exit",
        zone=zone,
        gate=None,
        lookup=lookup,
        scan_id=row["at_scan"],
        device="",
        seq=0,
        t_ms=row["at_ms"],
    )
