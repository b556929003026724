"""Sessions that are on or begin soon, and how they fill; when the conference opens."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Min

from checkin.figures import SessionCount, ZoneCount
from checkin.models import Zone
from conference.models import Conference

AHEAD = timedelta(hours=3)
MOST = 12


def opening_ms(conference: Conference) -> int | None:
    """Return when the first session begins, or None while there is no programme."""
    first: datetime | None = conference.sessions.taking_place().aggregate(first=Min("starts_at"))[
        "first"
    ]
    return None if first is None else round(first.timestamp() * 1000)


def sessions(
    conference: Conference, zones: Sequence[Zone], counted: Sequence[ZoneCount], now: datetime
) -> list[SessionCount]:
    """Return the sessions that are on or begin within three hours, with those inside their doors.

    The capacity is the session's own, else its door's, else its room's.
    """
    inside = {each.zone: each for each in counted}
    doors = {zone.session_id: inside[zone.pk] for zone in zones if zone.session_id}
    found = []
    for each in (
        conference.sessions.taking_place()
        .filter(starts_at__lte=now + AHEAD, ends_at__gt=now)
        .select_related("room")
        .order_by("starts_at", "ends_at", "pk")[:MOST]
    ):
        door, room = doors.get(each.pk), each.room
        capacities = (each.capacity, door and door.capacity, room and room.capacity)
        found.append(
            SessionCount(
                session=each.pk,
                title_en=each.title_en,
                title_zh=each.title_zh,
                room_en=room.name_en if room else each.place_en,
                room_zh=room.name_zh if room else each.place_zh,
                starts_ms=round(each.starts_at.timestamp() * 1000),
                ends_ms=round(each.ends_at.timestamp() * 1000),
                capacity=next((capacity for capacity in capacities if capacity), None),
                seats=each.seats_taken if each.takes_enrolments else None,
                inside=door.inside if door else None,
            )
        )
    return found
