"""What the look at the doors finds about persons: VIPs, blocked ones, and those too many."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from checkin.effective_time import contains, instant, period
from checkin.messages import Code, Window
from checkin.models import Alert, Block, Conflict, Presence, Scan, Zone
from checkin.operations.alerting import Occasion, blocked_person, vip_cause
from checkin.operations.stories import heard_scans
from conference.models import Conference
from delegates.models import Badge

#: How far back a look finds what nobody told of.
LOOK_BACK = timedelta(days=1)
#: A zone counts as full again only after it was clearly below its capacity.
RELIEVED_PERCENT = 95
_LATELY = timedelta(minutes=15)
_ENTERING = (Code.ADMIT, Code.ADMIT_PROVISIONAL, Code.OVERRIDE_ADMIT)
ENTRIES = Q(direction="in") & (Q(shown__in=_ENTERING) | Q(shown=None, decided__in=_ENTERING))


def vips_here(conference: Conference) -> list[Occasion]:
    """Return the arrival of each VIP who was ever let in, by the cause's key."""
    firsts: dict[int, Presence] = {}
    entered = Presence.objects.filter(
        conference=conference, delegate__vip=True, first_in_ms__isnull=False
    )
    for presence in entered.order_by("first_in_ms", "pk"):
        firsts.setdefault(presence.delegate_id, presence)
    return [
        Occasion(
            kind=Alert.Kind.VIP_ARRIVAL,
            key=vip_cause(delegate),
            happened_at=instant(first.first_in_ms or 0),
            delegate=delegate,
            gate=first.gate_id,
            zone=first.zone_id,
        )
        for delegate, first in firsts.items()
    ]


def blocked_at_doors(conference: Conference, now: datetime) -> list[Occasion]:
    """Return where blocked persons showed a badge while they were blocked."""
    found: dict[str, Occasion] = {}
    for scan, windows in _scans_of_blocked(conference, now):
        if any(contains(window, scan.effective_ms) for window in windows):
            occasion = blocked_person(scan)
            found.setdefault(occasion.key, occasion)
    return list(found.values())


def full_zones(conference: Conference, now: datetime) -> list[Occasion]:
    """Return the zones that hold more persons than they may, by the cause's key.

    A zone that was full stays so until it is clearly below, or its door would raise alerts in turn
    with everybody who goes out and comes in.
    """
    told_of = set(
        Alert.objects.filter(
            conference=conference, kind=Alert.Kind.ZONE_FULL, ended_at=None
        ).values_list("zone_id", flat=True)
    )
    found = []
    for zone in Zone.objects.filter(conference=conference, capacity__isnull=False):
        inside = _inside(zone, now)
        capacity = zone.capacity or 0
        relieved = inside * 100 <= capacity * RELIEVED_PERCENT
        if inside > capacity or (zone.pk in told_of and not relieved):
            found.append(
                Occasion(
                    kind=Alert.Kind.ZONE_FULL,
                    key=f"{Alert.Kind.ZONE_FULL}:{zone.pk}",
                    happened_at=now,
                    zone=zone.pk,
                    params={"inside": inside, "capacity": capacity},
                )
            )
    return found


def persons_in_doubt(conference: Conference, now: datetime) -> list[int]:
    """Return whose conflicts may have changed without a scan, or beside one.

    A badge revoked or a person blocked after the fact makes a conflict of an entry that was none;
    a scan of uncertain time may have met another one on its way.
    """
    lately = now - _LATELY
    uncertain = Scan.objects.filter(
        conference=conference, delegate__isnull=False, uncertain=True, received_at__gte=lately
    ).values_list("delegate_id", flat=True)
    revoked = Badge.objects.filter(
        conference=conference, revoked_at__gte=lately, scans__isnull=False
    ).values_list("delegate_id", flat=True)
    return sorted({*uncertain, *revoked, *_admitted_unnoticed(conference, now)})


def _admitted_unnoticed(conference: Conference, now: datetime) -> Iterator[int]:
    """Yield blocked persons with an entry in that time of which no conflict tells."""
    known: set[str] = set()
    for scans in Conflict.objects.filter(
        conference=conference, kind="admitted_while_blocked"
    ).values_list("scans", flat=True):
        known.update(scans)
    for scan, windows in _scans_of_blocked(conference, now, ENTRIES):
        if str(scan.pk) in known:
            continue
        if any(contains(window, scan.effective_ms) for window in windows):
            yield scan.delegate_id or 0


def _scans_of_blocked(
    conference: Conference, now: datetime, which: Q | None = None
) -> list[tuple[Scan, list[Window]]]:
    """Return recent scans of persons who were ever blocked, with the windows of their blocks."""
    blocked: dict[int, list[Window]] = {}
    for block in Block.objects.filter(delegate__conference=conference):
        until = round(block.until.timestamp() * 1000) if block.until else None
        window = (round(block.since.timestamp() * 1000), until)
        blocked.setdefault(block.delegate_id, []).append(window)
    if not blocked:
        return []
    since_ms = round((now - LOOK_BACK).timestamp() * 1000)
    scans = heard_scans().filter(delegate__in=blocked, effective_ms__gte=since_ms)
    return [
        (scan, blocked[scan.delegate_id or 0])
        for scan in scans.filter(which or Q()).order_by("effective_ms", "pk")
    ]


def _inside(zone: Zone, now: datetime) -> int:
    since = period(sorted(zone.resets), round(now.timestamp() * 1000))
    return Presence.objects.filter(
        conference=zone.conference_id, zone=zone, inside=True, in_ms__gte=since
    ).count()
