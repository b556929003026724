"""Scans that phones bring: stored item by item, and the presence that follows from all of them.

What the guard saw stands; nothing is judged here (CP1, sections 2, 5 to 7).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from checkin.errors import Contended
from checkin.fold import Fold
from checkin.messages import Code, Record
from checkin.models import Conflict, Device, Presence, Zone
from checkin.operations import alerting
from checkin.operations.clashing import raise_conflicts
from checkin.operations.facts import STAY_COLUMNS, Stay, stay_from
from checkin.operations.keeping import gone
from checkin.operations.keeping_many import Swap, swap_many
from checkin.operations.stories import Story, fold_rules, read_stories
from checkin.operations.storing import Told, persons_of, put_scans
from delegates.models import Delegate

_ATTEMPTS = 8


def store_scans(*, device: Device, records: Sequence[Record], now: datetime) -> list[Told]:
    """Store what a phone has scanned, each record by itself; the answers are in the same order.

    A record that is known fills what was not told yet and changes nothing else. A zone or gate
    that exists but is not this device's is stored all the same: it happened.
    """
    persons = persons_of(device.conference_id, records)
    with transaction.atomic():
        told = put_scans(device=device, records=records, persons=persons, now=now)
    touched = {persons[record["lookup"]][1] for record in records if record["lookup"] in persons}
    # After the scans are committed: a scan on its way online takes presence first, then its row,
    # and must not meet us half way. Whoever dies here is sent the same records again.
    refold(delegates=touched, now=now)
    # VIPs, blocked persons and full zones among them are found by the look that follows.
    if touched:
        alerting.wake_soon(conference=device.conference_id)
    return _with_alerts(device, records, told, touched)


@transaction.atomic(savepoint=False)
def refold(*, delegates: Iterable[int], now: datetime) -> None:
    """Bring presence and conflicts of these persons to what all their scans come to.

    The persons stay locked until the transaction ends: of two at once the second reads what the
    first has seen and more, so that nobody settles conflicts by an older story.
    """
    persons = sorted(set(delegates))
    if persons:
        lock(persons)
    for _attempt in range(_ATTEMPTS):
        if not persons:
            return
        persons = _refold_once(persons, now)
    if persons:
        raise Contended


def lock(persons: Sequence[int]) -> None:
    """Let nobody else fold these persons until the transaction ends. Scans come in all the same.

    Whoever changes a person's presence and folds it takes this lock first.
    """
    locked = Delegate.objects.select_for_update(no_key=True, of=("self",)).filter(pk__among=persons)
    # Always in one order, so that two uploads of the same persons do not wait for each other.
    list(locked.order_by("pk").values_list("pk", flat=True))


def _with_alerts(
    device: Device, records: Sequence[Record], told: list[Told], persons: Collection[int]
) -> list[Told]:
    """Add the conflicts that name each scan now, and overrides that were not the device's."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    standing = Conflict.objects.filter(delegate__among=persons).exclude(state=Conflict.State.MOOT)
    for kind, scans in standing.order_by().values_list("kind", "scans") if persons else ():
        for scan_id in scans:
            named[scan_id].append(kind)
    return [
        each
        if each.result == "invalid"
        else replace(each, alerts=_alerts(device, record, named.get(record["scan_id"], [])))
        for record, each in zip(records, told, strict=True)
    ]


def _alerts(device: Device, record: Record, kinds: list[str]) -> tuple[str, ...]:
    alerts = sorted(set(kinds))
    if record["shown"] == Code.OVERRIDE_ADMIT and not device.can(Device.Capability.OVERRIDE):
        alerts.append("override_without_capability")
    return tuple(alerts)


def _refold_once(delegates: Sequence[int], now: datetime) -> list[int]:
    """Fold these persons; return those whose presence changed meanwhile."""
    # Presence is read before the scans: whatever is stored in between changes it, and is seen.
    before: dict[int, dict[int, Stay]] = {delegate: {} for delegate in delegates}
    standing = Presence.objects.filter(delegate__among=delegates)
    for delegate, zone, *stay in standing.values_list("delegate_id", "zone_id", *STAY_COLUMNS):
        before[delegate][zone] = stay_from(stay)
    conferences = dict(
        Delegate.objects.filter(pk__among=delegates).values_list("pk", "conference_id")
    )
    rules = fold_rules(Zone.objects.filter(conference__in=set(conferences.values())))
    stories = list(read_stories(delegates, rules))
    swaps = [
        Swap(conferences[story.delegate], story.delegate, zone, seen, after)
        for story in stories
        for zone, seen, after in _changes(story, before[story.delegate])
    ]
    overtaken = swap_many(swaps, now)
    raise_conflicts(
        [story for story in stories if story.delegate not in overtaken], conferences, now
    )
    return sorted(overtaken)


def _changes(story: Story, before: Mapping[int, Stay]) -> Iterator[tuple[int, Stay | None, Stay]]:
    """Yield the zones in which the presence of a person changes: from what, to what."""
    for zone in sorted(story.folds.keys() | before.keys()):
        seen = before.get(zone)
        after = _stay(story.folds.get(zone), seen)
        if after is not None and after != seen:
            yield zone, seen, after


def _stay(folded: Fold | None, seen: Stay | None) -> Stay | None:
    if folded is None:
        return gone(seen) if seen else None
    return Stay(folded.presence, entries=folded.entries, first_in_ms=folded.first_in_ms)
