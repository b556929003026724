"""Who is expected and who is here: by delegation, by quarter of an hour, the heads by name."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncHour

from checkin.effective_time import period
from checkin.figures import DelegationCount, Principal
from checkin.models import Presence, Zone
from conference.models import Conference
from delegates.models import Delegate, Delegation

_HOUR_MS = 3_600_000

# "within" is a person's standing in at least one zone; the rule of each zone stands in its place.
_BY_DELEGATION = """
WITH here AS (
  SELECT delegate_id,
         max(CASE WHEN entries > 0 THEN 1 ELSE 0 END) AS came,
         max(CASE WHEN {within} THEN 1 ELSE 0 END) AS within
    FROM checkin_presence WHERE conference_id = %s GROUP BY delegate_id)
SELECT delegation_id, sum(approved), sum(came), sum(within),
       sum(CASE WHEN approved = 1 AND came = 0 THEN 1 ELSE 0 END),
       sum(CASE WHEN approved = 1 AND came = 0 AND is_due THEN 1 ELSE 0 END)
  FROM (SELECT d.delegation_id,
               CASE WHEN a.state = 'approved' AND d.withdrawn_at IS NULL THEN 1 ELSE 0 END
                 AS approved,
               coalesce(here.came, 0) AS came, coalesce(here.within, 0) AS within,
               {is_due} AS is_due
          FROM delegates_delegate d
          LEFT JOIN delegates_accreditation a ON a.delegate_id = d.id
          LEFT JOIN here ON here.delegate_id = d.id
         WHERE d.conference_id = %s) AS each_of_them
 GROUP BY delegation_id
"""

_FIRST_ENTRIES = """
SELECT CASE WHEN first_ms >= %s AND first_ms <= %s THEN first_ms / 900000 END, count(*)
  FROM (SELECT min(first_in_ms) AS first_ms FROM checkin_presence
         WHERE conference_id = %s AND first_in_ms IS NOT NULL GROUP BY delegate_id) AS firsts
 GROUP BY 1 ORDER BY 1
"""


def delegations(
    conference: Conference,
    zones: Sequence[Zone],
    *,
    now_ms: int,
    late_from: datetime | None,
    principals: Sequence[Principal],
) -> list[DelegationCount]:
    """Count each delegation that is expected or here, in order of precedence.

    From ``late_from`` on, those are late who are not here and named no later time of arrival.
    """
    figures = _figures(conference, zones, now_ms, late_from)
    led = Counter(each.delegation for each in principals if each.is_head)
    heads = Counter(
        each.delegation for each in principals if each.is_head and each.first_in_ms is not None
    )
    counts = []
    for each in (
        Delegation.objects.of(conference)
        .select_related("locality__parent__parent")
        .only(
            "name_en",
            "name_zh",
            "locality__kind",
            "locality__code",
            "locality__parent__kind",
            "locality__parent__code",
            "locality__parent__parent__kind",
            "locality__parent__parent__code",
        )
    ):
        expected, arrived, inside, missing, late = figures.get(each.pk, (0, 0, 0, 0, 0))
        if not expected and not arrived:
            continue
        region = each.locality.first_level() if each.locality else None
        counts.append(
            DelegationCount(
                delegation=each.pk,
                name_en=each.name_en,
                name_zh=each.name_zh,
                region=region.code if region else "",
                expected=expected,
                arrived=arrived,
                inside=inside,
                missing=missing,
                late=late,
                led=led[each.pk],
                heads=heads[each.pk],
            )
        )
    return counts


def _figures(
    conference: Conference, zones: Sequence[Zone], now_ms: int, late_from: datetime | None
) -> dict[int, tuple[int, int, int, int, int]]:
    within, bounds = standing_sql(zones, now_ms)
    if late_from is None:
        is_due, due = "false", []
    else:
        is_due = "(d.arrival_at IS NULL OR d.arrival_at <= %s)"
        due = [connection.ops.adapt_datetimefield_value(late_from)]
    statement = _BY_DELEGATION.format(within=within, is_due=is_due)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bounds, conference.pk, *due, conference.pk])
        return {
            delegation: (int(expected), int(arrived), int(inside), int(missing), int(late))
            for delegation, expected, arrived, inside, missing, late in cursor.fetchall()
        }


def standing_sql(zones: Sequence[Zone], now_ms: int) -> tuple[str, list[int]]:
    """Return the condition that a presence stands at ``now_ms``, and its parameters.

    Inside, and no reset of the zone between the start of the stay and now.
    """
    conditions, bounds = [], []
    for zone in zones:
        since, until = current_period(zone.resets, now_ms)
        condition = "zone_id = %s AND in_ms >= %s"
        bounds += [zone.pk, since]
        if until is not None:
            condition += " AND in_ms < %s"
            bounds.append(until)
        conditions.append(f"({condition})")
    if not conditions:
        return "false", []
    return f"inside AND ({' OR '.join(conditions)})", bounds


def current_period(resets: Sequence[int], now_ms: int) -> tuple[int, int | None]:
    """Return where the period of ``now_ms`` begins and ends; None if no reset is to come."""
    return (
        period(sorted(resets), now_ms),
        min((reset for reset in resets if reset > now_ms), default=None),
    )


def first_entries(
    conference: Conference, plausible: tuple[int, int]
) -> tuple[list[tuple[int, int]], int]:
    """Count first entries by quarter of an hour since the epoch, and those of no possible time."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_ENTRIES, [*plausible, conference.pk])
        rows = cursor.fetchall()
    quarters = [(int(quarter), int(number)) for quarter, number in rows if quarter is not None]
    return quarters, sum(int(number) for quarter, number in rows if quarter is None)


def planned(conference: Conference, opening_ms: int | None) -> list[tuple[int, int]]:
    """Return hours since the epoch, and how many of those expected were due in each.

    Due is who has arrived in the city and whose conference has opened, whichever is later.
    """
    opening = None if opening_ms is None else opening_ms // _HOUR_MS
    due: dict[int, int] = {}
    for at, number in (
        Delegate.objects.accredited()
        .filter(conference=conference)
        .annotate(hour=TruncHour("arrival_at", tzinfo=UTC))
        .values_list("hour")
        .annotate(number=Count("pk"))
        .order_by()
    ):
        told = None if at is None else round(at.timestamp() * 1000) // _HOUR_MS
        known = [hour for hour in (opening, told) if hour is not None]
        if known:
            due[max(known)] = due.get(max(known), 0) + number
    return sorted(due.items())


def principals(conference: Conference) -> list[Principal]:
    """Return the heads of delegation and the VIPs who are expected or here."""
    came = Presence.objects.filter(delegate=OuterRef("pk"), first_in_ms__isnull=False).order_by(
        "first_in_ms"
    )
    people = (
        Delegate.objects.attending()
        .filter(Q(role=Delegate.Role.HEAD) | Q(vip=True), conference=conference)
        .annotate(came_ms=Subquery(came.values("first_in_ms")[:1]))
        .filter(Q(accreditation__state="approved") | Q(Exists(came)))
        .select_related("delegation")
        .order_by("delegation__precedence", "delegation__name_en", "rank", "pk")
    )
    return [
        Principal(
            delegate=each.pk,
            name=each.display_name,
            other_name=each.other_name,
            title_en=each.title_en,
            title_zh=each.title_zh,
            delegation=each.delegation_id,
            delegation_en=each.delegation.name_en,
            delegation_zh=each.delegation.name_zh,
            is_head=each.role == Delegate.Role.HEAD,
            vip=each.vip,
            first_in_ms=each.came_ms,  # type: ignore[attr-defined]
            due_ms=round(each.arrival_at.timestamp() * 1000) if each.arrival_at else None,
            due_by=each.arrival_by,
        )
        for each in people
    ]
