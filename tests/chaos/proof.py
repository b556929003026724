"""What must be true after every scenario, whatever went wrong in it.

When the line is back and the queues are empty, each verdict that a guard saw is a scan in the
database with just that verdict, once; nobody is counted in whom no guard let in; and who is where
is the pure fold of the scans, not of the order in which they came.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from playwright.sync_api import Error as BrowserError

from checkin.fold import Fold, fold_person
from checkin.merge import Fact
from checkin.models import Block, Conflict, HeldScan, Presence, Scan
from checkin.operations.stories import fold_rules
from delegates.models import Badge
from tests.chaos.phone import Phone
from tests.chaos.witness import GREEN
from tests.chaos.world import World
from tests.support.patience import PATIENCE_S

ENTRIES = GREEN - {"exit_ok"}


@dataclass
class Tally:
    """The figures of one scenario."""

    scenario: str
    shown: int = 0
    green: int = 0
    stored: int = 0
    held: int = 0
    exported: int = 0
    unseen: int = 0
    lost: int = 0
    doubled: int = 0
    conflicts: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def properties(self) -> dict[str, object]:
        return asdict(self)


def drain(world: World) -> None:
    """Give every phone its line back, and wait until nothing waits on it."""
    world.server.up()
    for phone in world.phones.values():
        if phone.is_gone:
            continue
        phone.line.clear()
        phone.line.mend()
        phone.set_clocks(wall=0)
        if phone.page is None or phone.live.is_closed():
            phone.go_online()
            phone.open()
        else:
            # The browser tells the page of the line, so that nobody waits for the next try.
            phone.go_offline()
            phone.go_online()
    for phone in world.phones.values():
        if not phone.is_gone:
            phone.wait_until_empty()


def prove(world: World, tally: Tally, *, seconds: float = PATIENCE_S) -> None:
    """Count everything, and fill the tally; what is under way has ``seconds`` to end."""
    for phone in world.phones.values():
        # Whatever the page said last is heard before it is counted.
        with contextlib.suppress(BrowserError, AssertionError):
            phone.live.wait_for_timeout(50)
        tally.faults += phone.witness.faults() + phone.witness.complaints
    scans = {str(scan.pk): scan for scan in Scan.objects.filter(conference=world.conference)}
    held = {
        str(each.pk): each.record["shown"]
        for each in HeldScan.objects.filter(conference=world.conference)
    }
    tally.stored = len(scans.keys() | held.keys())
    tally.held = len(held)
    told = _shown(world)
    tally.shown = len(told)
    tally.green = sum(code in GREEN for code in told.values())
    exported = _exported(world)
    tally.exported = len(exported.keys() - scans.keys())
    for scan_id, code in told.items():
        scan = scans.get(scan_id)
        kept = {held.get(scan_id), scan.verdict if scan else None} - {None}
        if kept and code not in kept:
            tally.faults.append(f"{scan_id} was shown as {code}, and is {kept}")
        if not kept and exported.get(scan_id) != code:
            tally.lost += 1
            tally.faults.append(f"LOST: {scan_id}, shown as {code}")
    _explain(world, tally, scans, told)
    _recount(world, tally, seconds)
    _only_who_was_let_in(world, tally, told)


def _shown(world: World) -> dict[str, str]:
    told: dict[str, str] = {}
    for phone in world.phones.values():
        told |= phone.witness.verdicts()
    return told


def _exported(world: World) -> dict[str, str | None]:
    """The records that phones keep because the server would not take them."""
    return {
        row["scan_id"]: row["record"]["shown"]
        for phone in world.phones.values()
        if not phone.is_gone and phone.page is not None
        for row in phone.refused()
    }


def _explain(world: World, tally: Tally, scans: dict[str, Scan], told: dict[str, str]) -> None:
    """Find scans that no holding up of a badge accounts for: one held up once is one scan."""
    blind: list[str | None] = []
    for phone in world.phones.values():
        ids = {str(device.pk) for device in phone.devices}
        blind += [tried.lookup for tried in phone.tries if tried.scan is None]
        numbers = Counter(scan.seq for scan in scans.values() if str(scan.device_id) in ids)
        if numbers and max(numbers.values()) > len(ids):
            tally.faults.append(f"{phone.name} gave a number twice: {sorted(numbers)}")
    annulled = 0
    for scan_id, scan in scans.items():
        if scan.shown == "annulled":
            annulled += 1
            continue
        if scan_id in told:
            continue
        if scan.lookup in blind:
            # Ended between being held up and being seen: it may or may not have come through.
            blind.remove(scan.lookup)
            tally.unseen += 1
            continue
        tally.doubled += 1
        tally.faults.append(f"DOUBLED: {scan_id}, {scan.verdict}, which nobody saw")
    if annulled != (asked := world.kept.get("annulled", 0)):
        tally.faults.append(f"{annulled} annulments, {asked} were asked for")


def _recount(world: World, tally: Tally, seconds: float) -> None:
    """Compare who is where with the fold of all scans, once what is under way has ended."""
    deadline = time.monotonic() + seconds
    while (found := list(_differences(world))) and time.monotonic() < deadline:
        time.sleep(0.1)
    tally.faults += found
    tally.conflicts = (
        Conflict.objects.filter(conference=world.conference)
        .exclude(state=Conflict.State.MOOT)
        .count()
    )


def _differences(world: World) -> Iterator[str]:
    rules = fold_rules(world.conference.zones.all())
    for person in world.people.values():
        folds = fold_person(
            [_fact(scan) for scan in _heard(person.pk)],
            rules,
            revoked=_revocations(person.pk),
            blocked=_blocks(person.pk),
        )
        kept = {row.zone_id: row for row in Presence.objects.filter(delegate=person)}
        for zone in sorted(folds.keys() | kept.keys()):
            expected, found = _row_of(folds.get(zone)), _row_kept(kept.get(zone))
            if expected != found:
                yield f"{person} in {zone}: the fold says {expected}, the table {found}"
        clashes = {clash.id for each in folds.values() for clash in each.clashes}
        # One that became moot is not raised again if it returns.
        known = dict(Conflict.objects.filter(delegate=person).values_list("pk", "state"))
        raised = {pk for pk, state in known.items() if state != Conflict.State.MOOT}
        if clashes - known.keys() or raised - clashes:
            yield f"{person}: conflicts {clashes} by the fold, {raised} raised"


def _heard(person: int) -> Iterator[Scan]:
    unheard = (Scan.Quarantine.HELD, Scan.Quarantine.REJECTED)
    return Scan.objects.filter(delegate=person).exclude(quarantine__in=unheard).iterator()


def _fact(scan: Scan) -> Fact:
    return Fact(
        scan_id=str(scan.pk),
        device=str(scan.device_id),
        seq=scan.seq,
        lookup=scan.lookup or "",
        gate=scan.gate_id,
        zone=scan.zone_id,
        direction=scan.direction,
        t_ms=scan.effective_ms,
        uncertain=scan.uncertain,
        verdict=scan.verdict,
        annuls=str(scan.annuls) if scan.annuls else None,
    )


def _revocations(person: int) -> dict[str, int | None]:
    badges = Badge.objects.filter(delegate=person, revoked_at__isnull=False)
    return {badge.lookup: round(badge.revoked_at.timestamp() * 1000) for badge in badges}


def _blocks(person: int) -> list[tuple[int | None, int | None]]:
    return [
        (
            round(block.since.timestamp() * 1000),
            round(block.until.timestamp() * 1000) if block.until else None,
        )
        for block in Block.objects.filter(delegate=person)
    ]


def _row_of(folded: Fold | None) -> tuple[object, ...]:
    if folded is None:
        return (False, None, None, None, None, None, 0)
    row = folded.presence
    named = (row["inside"], row["in_ms"], row["in_scan"], row["gate"], row["at_ms"], row["at_scan"])
    return (*named, folded.entries)


def _row_kept(row: Presence | None) -> tuple[object, ...]:
    if row is None:
        return (False, None, None, None, None, None, 0)
    in_scan = str(row.in_scan) if row.in_scan else None
    at_scan = str(row.at_scan) if row.at_scan else None
    return (row.inside, row.in_ms, in_scan, row.gate_id, row.at_ms, at_scan, row.entries)


def _only_who_was_let_in(world: World, tally: Tally, told: dict[str, str]) -> None:
    """Nobody is counted in whom no guard let in, but for phones ended in that very moment."""
    for row in Presence.objects.filter(conference=world.conference, entries__gt=0):
        scans = Scan.objects.filter(delegate=row.delegate_id, zone=row.zone_id, direction="in")
        seen = any(told.get(str(scan.pk)) in ENTRIES for scan in scans)
        unseen = any(_was_ended(phone, scan) for phone in world.phones.values() for scan in scans)
        if not seen and not unseen:
            tally.faults.append(f"{row.delegate} is counted in, and nobody saw a green light")


def _was_ended(phone: Phone, scan: Scan) -> bool:
    return any(tried.scan is None and tried.lookup == scan.lookup for tried in phone.tries)
