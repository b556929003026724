"""One count: the same few queries, whatever the number of people, scans and gates.

All figures are of persons: gates, repeats and reprinted badges never count anybody twice.
"""

from datetime import datetime

from checkin.effective_time import instant
from checkin.live import doors, lately, people, programme
from checkin.live.picture import Snapshot
from checkin.models import Alert, Conflict
from conference.models import Conference

#: An arrival that claims to be from later than this after now has its time from a clock that is
#: wrong; so has one from long before the conference. It counts, and stands in no chart.
AHEAD_MS = 900_000
BEFORE_DAYS_MS = 14 * 86_400_000


def count(conference: Conference, *, now_ms: int) -> Snapshot:
    """Count anew, as of ``now_ms``."""
    now = instant(now_ms, conference.zone)
    zones = list(conference.zones.all())
    opening_ms = programme.opening_ms(conference)
    plausible = (_midnight_ms(conference) - BEFORE_DAYS_MS, now_ms + AHEAD_MS)
    late_from = now if opening_ms is None or now_ms >= opening_ms else None
    principals = people.principals(conference)
    quarters, odd = people.first_entries(conference, plausible)
    zone_counts = doors.zones(conference, zones, now_ms)
    return Snapshot(
        as_of_ms=now_ms,
        frame=[
            conference.slug,
            conference.name_en,
            conference.name_zh,
            conference.timezone,
            str(conference.show_map),
        ],
        opening_ms=opening_ms,
        unidentified=lately.unidentified(conference),
        odd=odd,
        conflicts=Conflict.objects.filter(conference=conference, state=Conflict.State.OPEN).count(),
        alerts=Alert.objects.filter(conference=conference, seen_at=None).count(),
        zones=zone_counts,
        delegations=people.delegations(
            conference, zones, now_ms=now_ms, late_from=late_from, principals=principals
        ),
        principals=principals,
        gates=doors.gates(conference, plausible, now),
        sessions=programme.sessions(conference, zones, zone_counts, now),
        quarters=quarters,
        planned=people.planned(conference, opening_ms),
        last=lately.arrivals(conference, plausible),
        clashes=lately.clashes(conference),
    )


def _midnight_ms(conference: Conference) -> int:
    first = conference.first_day
    midnight = datetime(first.year, first.month, first.day, tzinfo=conference.zone)
    return round(midnight.timestamp() * 1000)
