"""The recount: presence, conflicts and counts of everybody, folded anew from all scans.

It must find what stands in the tables. Nothing is held up meanwhile: whoever seems to differ is
looked at again by itself, when the scans that were on their way have arrived.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Final

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone

from checkin import live
from checkin.counting import Counts, count
from checkin.fold import Fold
from checkin.messages import FoldRules
from checkin.models import Alert, Recount, Scan, Zone
from checkin.operations import alerting, merging
from checkin.operations.comparing import differences_of, standing
from checkin.operations.stories import fold_rules, read_stories
from conference.models import Conference
from delegates.models import Delegate

RECOUNT_TASK = "checkin.recount_now"
#: So many persons are in memory at once.
BATCH: Final = 500
#: So many differences are written down; the count tells of all.
TOLD: Final = 200
#: The day of the doors ends with the reset at four; the night's recount is made soon after it.
_FROM, _UNTIL = time_of_day(4, 10), time_of_day(7)
_ON_ITS_WAY = timedelta(minutes=1)
#: So long what is on its way is waited for.
WAIT_S = 1.0
_LOOKS = 3


@dataclass(slots=True)
class _Run:
    """What one run has seen so far."""

    rules: dict[int, FoldRules]
    persons: int = 0
    scans: int = 0
    suspects: list[int] = field(default_factory=list)


def recount(
    *, conference: Conference, now: datetime, repair: bool = False, night: date | None = None
) -> Recount | None:
    """Fold everybody anew and write down what stands otherwise; with ``repair`` put it right.

    The row tells what was found, before any repair. Differences raise an alert. None if ``night``
    is given and somebody else has made its recount.
    """
    clock = time.monotonic()
    run = _Run(fold_rules(Zone.objects.filter(conference=conference)))
    number = _scans_of(conference)
    counted = count(_folds(conference, run), run.rules, now_ms=_ms(now))
    differing = _look_again(conference, run)
    found = [each for differences in differing.values() for each in differences]
    if not found:
        found = _counts_that_stay_different(conference, counted, number, now)
    made = Recount(
        conference=conference,
        night=night,
        started_at=now,
        finished_at=now + timedelta(seconds=time.monotonic() - clock),
        persons=run.persons,
        scans=run.scans,
        difference_count=len(found),
        differences=found[:TOLD],
    )
    if not _write_down(made, now, repaired=repair):
        return None
    if repair:
        for delegate in differing:
            merging.refold(delegates=[delegate], now=now)
    return made


def ask(*, conference: Conference) -> None:
    """Have a worker recount the conference now."""
    number = conference.pk
    transaction.on_commit(
        lambda: current_app.send_task(RECOUNT_TASK, [number], ignore_result=True, retry=False),
        robust=True,
    )


def night_of(conference: Conference, now: datetime) -> date | None:
    """Return the local day whose night it is at the conference, after the reset; None by day."""
    local = now.astimezone(conference.zone)
    return local.date() if _FROM <= local.time() < _UNTIL else None


def recount_tonight(*, now: datetime) -> list[Recount]:
    """Recount each conference whose doors were in use, once in its own night."""
    made = []
    lately = now - timedelta(days=2)
    in_use = Conference.objects.filter(devices__last_seen_at__gte=lately).distinct()
    for conference in in_use:
        night = night_of(conference, now)
        if night is None or conference.recounts.filter(night=night).exists():
            continue
        if each := recount(conference=conference, now=now, night=night):
            made.append(each)
    return made


def _folds(conference: Conference, run: _Run) -> Iterator[dict[int, Fold]]:
    """Yield the folds of everybody; note who seems to differ."""
    for persons in _batches(conference):
        before, known = standing(persons)
        for story in read_stories(persons, run.rules):
            run.persons += bool(story.scans)
            run.scans += story.scans
            if differences_of(story, before[story.delegate], known[story.delegate]):
                run.suspects.append(story.delegate)
            yield story.folds


def _batches(conference: Conference) -> Iterator[list[int]]:
    everybody = Delegate.objects.filter(conference=conference).order_by("pk")
    last = 0
    while True:
        persons = list(everybody.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH])
        if not persons:
            return
        yield persons
        last = persons[-1]


def _look_again(conference: Conference, run: _Run) -> dict[int, list[Any]]:
    """Return what differs of each suspect even now.

    A phone's scans are stored first and folded right after: who was scanned in the last minute is
    given a moment, so that what is on its way is not taken for a fault.
    """
    suspects = run.suspects
    differing: dict[int, list[Any]] = {}
    for look in range(_LOOKS):
        differing = {}
        for delegate in suspects:
            if found := _differences_under_lock(delegate, run.rules):
                differing[delegate] = found
        suspects = list(differing)
        if not suspects or look == _LOOKS - 1 or not _on_its_way(conference, suspects):
            break
        time.sleep(WAIT_S)
    return differing


@transaction.atomic
def _differences_under_lock(delegate: int, rules: dict[int, FoldRules]) -> list[Any]:
    """Compare while nobody else folds this person."""
    merging.lock([delegate])
    while True:
        before, known = standing([delegate])
        (story,) = read_stories([delegate], rules)
        # A single scan goes past the lock, but never past presence.
        if standing([delegate])[0] == before:
            return differences_of(story, before[delegate], known[delegate])


def _on_its_way(conference: Conference, persons: Sequence[int]) -> bool:
    since = timezone.now() - _ON_ITS_WAY
    return Scan.objects.filter(
        conference=conference, delegate__in=persons, received_at__gte=since
    ).exists()


def _counts_that_stay_different(
    conference: Conference, counted: Counts, number: int, now: datetime
) -> list[Any]:
    """Return the figures of the board that are not those of the folds, while no scan comes in.

    ``number`` is how many scans there were when ``counted`` began. What was stored and not folded
    yet is given a moment, as above.
    """
    for look in range(_LOOKS):
        found = _counts_that_differ(conference, counted, now)
        if not found or _scans_of(conference) != number:
            return []
        if look == _LOOKS - 1:
            return found
        time.sleep(WAIT_S)
        number = _scans_of(conference)
        run = _Run(fold_rules(Zone.objects.filter(conference=conference)))
        counted = count(_folds(conference, run), run.rules, now_ms=_ms(now))
    return []


def _scans_of(conference: Conference) -> int:
    return Scan.objects.filter(conference=conference).count()


def _counts_that_differ(conference: Conference, counted: Counts, now: datetime) -> list[Any]:
    """Return the figures that the board shows otherwise."""
    shown = live.count(conference, now_ms=_ms(now))
    found = [
        {"what": "count", "name": name, "stands": stands, "should": should}
        for name, stands, should in (
            ("arrived", shown.arrived, counted["arrived"]),
            ("inside", shown.inside, counted["inside"]),
        )
        if stands != should
    ]
    zones = {each["zone"]: each for each in counted["zones"]}
    for each in shown.zones:
        should = zones[each.zone]
        for name in ("arrived", "inside", "entries"):
            if getattr(each, name) != should[name]:
                found.append(
                    {
                        "what": "count",
                        "name": name,
                        "zone": each.zone,
                        "stands": getattr(each, name),
                        "should": should[name],
                    }
                )
    return found


@transaction.atomic
def _write_down(made: Recount, now: datetime, *, repaired: bool) -> bool:
    """Store the recount with its alert; False if the night has one already."""
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return False
    _tell(made, now, repaired=repaired)
    return True


def _tell(made: Recount, now: datetime, *, repaired: bool) -> None:
    open_alerts = Alert.objects.filter(
        conference=made.conference_id, kind=Alert.Kind.RECOUNT, ended_at=None
    )
    if made.difference_count == 0 or repaired:
        open_alerts.update(ended_at=now)
    if made.difference_count:
        alerting.raise_once(
            conference=made.conference_id,
            occasions=[
                alerting.Occasion(
                    kind=Alert.Kind.RECOUNT,
                    key=f"{Alert.Kind.RECOUNT}:{made.pk}",
                    happened_at=now,
                    params={"recount": made.pk, "differences": made.difference_count},
                )
            ],
            now=now,
        )
        alerting.wake(conference=made.conference_id)


def _ms(now: datetime) -> int:
    return round(now.timestamp() * 1000)
