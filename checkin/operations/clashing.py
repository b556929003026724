"""Conflicts as rows: raised once each, moot when they are no longer true (CP1, section 7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from checkin.models import Conflict
from checkin.operations import alerting
from checkin.operations.stories import Story


def raise_conflicts(
    stories: Sequence[Story], conferences: Mapping[int, int], now: datetime
) -> None:
    """Raise each conflict of these stories once; one that is no longer true is moot, for good.

    ``conferences`` tells the conference of each person. The persons must be locked.
    """
    known: defaultdict[int, dict[str, str]] = defaultdict(dict)
    rows = Conflict.objects.filter(delegate__among=[story.delegate for story in stories]).order_by()
    for delegate, pk, state in rows.values_list("delegate_id", "pk", "state") if stories else ():
        known[delegate][pk] = state
    untrue: set[str] = set()
    new: list[Conflict] = []
    for story in stories:
        folds = story.folds.items()
        true = {clash.id: (zone, clash) for zone, each in folds for clash in each.clashes}
        before = known[story.delegate]
        untrue |= {
            pk for pk, state in before.items() if state == Conflict.State.OPEN and pk not in true
        }
        new += [
            Conflict(
                id=pk,
                conference_id=conferences[story.delegate],
                delegate_id=story.delegate,
                zone_id=zone,
                kind=clash.kind.value,
                scans=list(clash.scans),
                raised_at=now,
            )
            for pk, (zone, clash) in true.items()
            if pk not in before
        ]
    if untrue:
        Conflict.objects.filter(pk__among=untrue, state=Conflict.State.OPEN).update(
            state=Conflict.State.MOOT
        )
    if new:
        Conflict.objects.bulk_create(new, ignore_conflicts=True)
        for conference in {each.conference_id for each in new}:
            alerting.wake_soon(conference=conference)
