"""Zones and gates as they stand: who is inside, what was scanned, how the phones are."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from checkin.figures import GateCount, Phone, ZoneCount
from checkin.live.people import standing_sql
from checkin.models import Device, Scan, Zone
from conference.models import Conference

#: A phone says that it is there every five minutes; after this long it counts as silent.
SILENT_AFTER = timedelta(minutes=7)
RECENT_MS = 300_000
ENTERING = ("admit", "admit_provisional", "override_admit")
UNHEARD = (Scan.Quarantine.HELD, Scan.Quarantine.REJECTED)

_BY_ZONE = """
SELECT zone_id, sum(CASE WHEN entries > 0 THEN 1 ELSE 0 END),
       sum(CASE WHEN {within} THEN 1 ELSE 0 END), sum(entries)
  FROM checkin_presence WHERE conference_id = %s GROUP BY zone_id
"""

# The first entry of each person, and the gate of it. A stay that is still the first one knows its
# gate; of those who have come in again since, the scan of the first entry is looked up. Of two at
# the very same moment the one that the fold takes first counts.
_BY_GATE = """
WITH firsts AS (
  SELECT delegate_id, min(first_in_ms) AS first_ms FROM checkin_presence
   WHERE conference_id = %s AND first_in_ms IS NOT NULL GROUP BY delegate_id),
stays AS (
  SELECT firsts.delegate_id, min(firsts.first_ms) AS first_ms,
         min(CASE WHEN p.in_ms = p.first_in_ms THEN p.gate_id END) AS gate_id
    FROM firsts
    JOIN checkin_presence p ON p.delegate_id = firsts.delegate_id
                           AND p.first_in_ms = firsts.first_ms
   GROUP BY firsts.delegate_id)
SELECT gate_id, count(*) FROM stays WHERE gate_id IS NOT NULL GROUP BY gate_id
UNION ALL
SELECT gate_id, count(*)
  FROM (SELECT s.gate_id, row_number() OVER (
                 PARTITION BY s.delegate_id ORDER BY s.device_id, s.seq, s.id) AS place
          FROM stays
          JOIN checkin_scan s ON s.delegate_id = stays.delegate_id
                             AND s.effective_ms = stays.first_ms
         WHERE stays.gate_id IS NULL
           AND s.direction = 'in' AND coalesce(s.shown, s.decided) IN (%s, %s, %s)
           AND s.quarantine NOT IN (%s, %s)) AS entries
 WHERE place = 1 GROUP BY gate_id
"""


def zones(conference: Conference, of: Sequence[Zone], now_ms: int) -> list[ZoneCount]:
    """Count the zones, in their order."""
    within, bounds = standing_sql(of, now_ms)
    with connection.cursor() as cursor:
        cursor.execute(_BY_ZONE.format(within=within), [*bounds, conference.pk])
        figures = {zone: tuple(map(int, counted)) for zone, *counted in cursor.fetchall()}
    counts = []
    for zone in of:
        arrived, inside, entries = figures.get(zone.pk, (0, 0, 0))
        counts.append(
            ZoneCount(
                zone=zone.pk,
                name_en=zone.name_en,
                name_zh=zone.name_zh,
                capacity=zone.capacity,
                arrived=arrived,
                inside=inside,
                entries=entries,
            )
        )
    return counts


def gates(conference: Conference, plausible: tuple[int, int], now: datetime) -> list[GateCount]:
    """Count the gates, in their order: whose first entry was there, what was scanned of late."""
    arrived: Counter[int] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_BY_GATE, [conference.pk, *ENTERING, *UNHEARD])
        for gate_id, number in cursor.fetchall():
            arrived[gate_id] += number
    now_ms = round(now.timestamp() * 1000)
    heard = Scan.objects.filter(gate=OuterRef("pk"), effective_ms__lte=plausible[1]).exclude(
        quarantine__in=UNHEARD
    )
    recent = heard.filter(effective_ms__gt=now_ms - RECENT_MS).order_by().values("gate")
    of = conference.gates.annotate(
        newest=Subquery(heard.order_by("-effective_ms").values("effective_ms")[:1]),
        recent_scans=Coalesce(Subquery(recent.annotate(number=Count("pk")).values("number")), 0),
    )
    phones: defaultdict[int, list[Phone]] = defaultdict(list)
    for device in Device.objects.filter(conference=conference, revoked_at=None).order_by("name"):
        phones[device.gate_id].append(
            Phone(
                device=str(device.pk),
                name=device.name,
                state=state_of(device, now),
                battery=device.battery,
                queued=device.queued,
            )
        )
    return [
        GateCount(
            gate=gate.pk,
            name_en=gate.name_en,
            name_zh=gate.name_zh,
            arrived=arrived[gate.pk],
            scans=gate.recent_scans,
            last_ms=gate.newest,
            phones=phones[gate.pk],
        )
        for gate in of
    ]


def state_of(device: Device, now: datetime) -> str:
    """Return the one code for how a device stands at ``now``."""
    if device.revoked_at:
        return "revoked"
    if device.suspended_at:
        return "suspended"
    if device.valid_until <= now:
        return "expired"
    if device.token_hash is None:
        return "waiting"
    if device.has_ended_its_shift:
        return "resting"
    seen = device.last_seen_at
    return "silent" if seen is None or now - seen > SILENT_AFTER else "working"
