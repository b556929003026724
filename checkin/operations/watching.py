"""The look at the doors: raises what is new, ends what is over. Safe to run twice at once.

All is read from committed rows, so a hook or a worker that was lost loses nothing: the next look
finds the same. What lasts (a silent gate, a full zone) has one alert at a time, numbered.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from checkin.effective_time import instant
from checkin.models import Alert, Conflict, Scan
from checkin.operations import alerting, merging
from checkin.operations.alerting import Occasion, conflict_key
from checkin.operations.watched_gates import (
    override_rates,
    overrides_without_capability,
    silent_gates,
    unknown_codes,
)
from checkin.operations.watched_people import (
    blocked_at_doors,
    full_zones,
    persons_in_doubt,
    vips_here,
)
from checkin.operations.watched_phones import held_scans, missing_scans
from conference.models import Conference

#: Kinds that last until their cause is gone; the others happen and are over.
LASTING = (
    Alert.Kind.CONFLICT,
    Alert.Kind.SILENT_GATE,
    Alert.Kind.SEQ_GAP,
    Alert.Kind.ZONE_FULL,
    Alert.Kind.QUARANTINE,
    Alert.Kind.RECOUNT,
)
#: Doors at which no phone was heard for this long are not looked at.
IN_USE = timedelta(days=1)
#: What lasts is looked at for so long after it was raised.
REMEMBERED = timedelta(days=7)


def conferences_in_use(*, now: datetime) -> list[int]:
    """Return the conferences whose doors are worth a look: phones were heard, or alerts stand."""
    heard = Q(devices__last_seen_at__gte=now - IN_USE)
    lasting = Q(
        alerts__ended_at=None, alerts__kind__in=LASTING, alerts__raised_at__gte=now - REMEMBERED
    )
    return list(Conference.objects.filter(heard | lasting).distinct().values_list("pk", flat=True))


def watch(*, conference: Conference, now: datetime) -> None:
    """Raise every alert that there is cause for at ``now``, and end those whose cause is gone."""
    if doubtful := persons_in_doubt(conference, now):
        merging.refold(delegates=doubtful, now=now)
    once = [
        *blocked_at_doors(conference, now),
        *unknown_codes(conference, now),
        *override_rates(conference, now),
        *overrides_without_capability(conference, now),
        *_conflicts(conference),
    ]
    raise_new(conference, once, now)
    _end_conflicts(conference, now)
    keep_up(conference, Alert.Kind.SEQ_GAP, lambda: missing_scans(conference, now), now)
    keep_up(conference, Alert.Kind.VIP_ARRIVAL, lambda: vips_here(conference), now)
    keep_up(conference, Alert.Kind.ZONE_FULL, lambda: full_zones(conference, now), now)
    keep_up(conference, Alert.Kind.SILENT_GATE, lambda: silent_gates(conference, now), now)
    keep_up(conference, Alert.Kind.QUARANTINE, lambda: held_scans(conference), now)


def keep_up(
    conference: Conference,
    kind: Alert.Kind,
    standing: Callable[[], Iterable[Occasion]],
    now: datetime,
) -> None:
    """Have one alert open for each standing cause; ``key`` names the cause, not the occasion.

    The same cause again later is the next occasion: its alert gets the next number. The alerts are
    read before the causes: of a scan that commits both in between, the cause alone is seen, which
    has its alert already. The other way round the alert would be ended for want of a cause, and
    raised a second time by the next look.
    """
    of_kind = Alert.objects.filter(conference=conference, kind=kind)
    known = list(of_kind.values("pk", "key", "ended_at", "params"))
    causes = {each.key: each for each in standing()}
    open_ones = {_cause(row["key"]): row for row in known if row["ended_at"] is None}
    over = [row["pk"] for cause, row in open_ones.items() if cause not in causes]
    if over:
        of_kind.filter(pk__in=over, ended_at=None).update(ended_at=now)
    for cause, row in open_ones.items():
        if cause in causes and row["params"] != causes[cause].params:
            of_kind.filter(pk=row["pk"]).update(params=causes[cause].params)
    earlier: dict[str, int] = {}
    for row in known:
        earlier[_cause(row["key"])] = earlier.get(_cause(row["key"]), 0) + 1
    new = [
        _numbered(each, earlier.get(cause, 0))
        for cause, each in causes.items()
        if cause not in open_ones
    ]
    alerting.raise_once(conference=conference.pk, occasions=new, now=now)


def raise_new(conference: Conference, occasions: Iterable[Occasion], now: datetime) -> None:
    """Raise what has no alert yet."""
    asked = {each.key: each for each in occasions}
    known = set(
        Alert.objects.filter(conference=conference, key__in=asked).values_list("key", flat=True)
    )
    new = [each for key, each in asked.items() if key not in known]
    alerting.raise_once(conference=conference.pk, occasions=new, now=now)


def _conflicts(conference: Conference) -> list[Occasion]:
    """Return the open conflicts that nobody was told of; they happened when their scans did."""
    told = set(
        Alert.objects.filter(conference=conference, kind=Alert.Kind.CONFLICT).values_list(
            "key", flat=True
        )
    )
    waiting = Conflict.objects.filter(conference=conference, state=Conflict.State.OPEN)
    new = [each for each in waiting if conflict_key(each.pk) not in told]
    times = dict(
        Scan.objects.filter(pk__in={pk for each in new for pk in each.scans}).values_list(
            "pk", "effective_ms"
        )
    )
    return [
        Occasion(
            kind=Alert.Kind.CONFLICT,
            key=conflict_key(each.pk),
            happened_at=min(
                each.raised_at,
                instant(max((times.get(UUID(pk), 0) for pk in each.scans), default=0)),
            ),
            delegate=each.delegate_id,
            zone=each.zone_id,
            params={"conflict": each.pk, "kind": each.kind},
        )
        for each in new
    ]


def _end_conflicts(conference: Conference, now: datetime) -> None:
    """End alerts of conflicts that wait no longer; open again those whose settling was undone."""
    told = Alert.objects.filter(conference=conference, kind=Alert.Kind.CONFLICT)
    waiting = Conflict.objects.filter(conference=conference, state=Conflict.State.OPEN)
    keys = {conflict_key(pk) for pk in waiting.values_list("pk", flat=True)}
    stand = dict(told.filter(ended_at=None).values_list("key", "pk"))
    over = [pk for key, pk in stand.items() if key not in keys]
    told.filter(pk__in=over, ended_at=None).update(ended_at=now)
    told.filter(key__in=keys - stand.keys(), ended_at__isnull=False).update(ended_at=None)


def _cause(key: str) -> str:
    return key.rpartition(":")[0]


def _numbered(occasion: Occasion, number: int) -> Occasion:
    return replace(occasion, key=f"{occasion.key}:{number}")
