"""What stands in the tables for a person, beside what the person's story comes to."""

from collections.abc import Mapping, Sequence
from typing import Any

from checkin.fold import Fold
from checkin.models import Conflict, Presence
from checkin.operations.facts import Stay
from checkin.operations.keeping import stay_of
from checkin.operations.stories import Story


def standing(
    persons: Sequence[int],
) -> tuple[dict[int, dict[int, Stay]], dict[int, dict[str, str]]]:
    """Return what stands for these persons: presence by zone, and conflicts with their state."""
    before: dict[int, dict[int, Stay]] = {person: {} for person in persons}
    for row in Presence.objects.filter(delegate__in=persons).order_by().iterator():
        before[row.delegate_id][row.zone_id] = stay_of(row)
    known: dict[int, dict[str, str]] = {person: {} for person in persons}
    conflicts = Conflict.objects.filter(delegate__in=persons).order_by()
    for delegate, pk, state in conflicts.values_list("delegate_id", "pk", "state"):
        known[delegate][pk] = state
    return before, known


def differences_of(story: Story, before: Mapping[int, Stay], known: Mapping[str, str]) -> list[Any]:
    """Return what stands otherwise than the story of this person says.

    ``before`` is the presence by zone, ``known`` the state of each conflict by id.
    """
    found: list[dict[str, Any]] = []
    for zone in sorted(story.folds.keys() | before.keys()):
        stands, should = _told(before.get(zone)), _told(_stay(story.folds.get(zone)))
        if stands != should:
            found.append(
                {
                    "what": "presence",
                    "person": story.delegate,
                    "zone": zone,
                    "stands": stands,
                    "should": should,
                }
            )
    true = {clash.id: clash.kind.value for each in story.folds.values() for clash in each.clashes}
    missing = true.keys() - known.keys()
    untrue = {pk for pk, state in known.items() if state == Conflict.State.OPEN} - true.keys()
    found += [
        {
            "what": "conflict",
            "person": story.delegate,
            "conflict": pk,
            "stands": known.get(pk),
            "should": true.get(pk),
        }
        for pk in sorted(missing | untrue)
    ]
    return found


def _told(stay: Stay | None) -> dict[str, Any] | None:
    """Return a presence to compare and to show; None for somebody who was never there."""
    if stay is None or (stay.row["at_ms"] is None and stay.entries == 0):
        return None
    return {**stay.row, "entries": stay.entries, "first_in_ms": stay.first_in_ms}


def _stay(folded: Fold | None) -> Stay | None:
    if folded is None:
        return None
    return Stay(folded.presence, entries=folded.entries, first_in_ms=folded.first_in_ms)
