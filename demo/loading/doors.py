"""Zones and gates of the venue, and who may pass where."""

from collections.abc import Mapping
from datetime import timedelta

from checkin.models import Gate, Zone
from conference.models import Conference
from delegates.models import BadgeClass
from demo.travel import conference_day

EVERYBODY = (
    "delegate",
    "accompanying",
    "interpreter",
    "staff",
    "press",
    "security",
    "volunteer",
)
IN_THE_HALL = ("delegate", "accompanying", "interpreter", "staff", "security")
AT_THE_TABLE = ("delegate", "accompanying", "interpreter")

GATES = (
    ("entrance", "Main entrance", "主入口", "venue"),
    ("desk", "Arrival desk", "报到台", "venue"),
    ("hall", "Great Hall doors", "大会堂入口", "hall"),
    ("restaurant", "Restaurant door", "餐厅入口", "restaurant"),
)


def _at(hours: int) -> int:
    return int((conference_day() + timedelta(hours=hours)).timestamp() * 1000)


def load_doors(
    conference: Conference, classes: Mapping[str, BadgeClass]
) -> tuple[dict[str, Zone], dict[str, Gate]]:
    """Store zones and gates; return both by the demo's key."""
    # At four in the morning everybody counts as gone.
    nights = [_at(28), _at(52)]
    zones = {
        "venue": Zone(
            name_en="Venue",
            name_zh="会场",
            is_arrival=True,
            reentry=Zone.Reentry.AFTER_EXIT,
            resets=nights,
            order=1,
        ),
        "hall": Zone(
            name_en="Great Hall",
            name_zh="大会堂",
            reentry=Zone.Reentry.FREE,
            resets=nights,
            capacity=320,
            order=2,
        ),
        # Once for lunch, once for dinner.
        "restaurant": Zone(
            name_en="Garden Restaurant",
            name_zh="园林餐厅",
            reentry=Zone.Reentry.NEVER,
            resets=[_at(17), *nights],
            capacity=260,
            order=3,
        ),
    }
    allowed = {"venue": EVERYBODY, "hall": IN_THE_HALL, "restaurant": AT_THE_TABLE}
    for key, zone in zones.items():
        zone.conference = conference
        zone.save()
        zone.open_to.set([classes[code] for code in allowed[key]])
    gates = {}
    for order, (key, name_en, name_zh, zone_key) in enumerate(GATES):
        gates[key] = Gate.objects.create(
            conference=conference, name_en=name_en, name_zh=name_zh, order=order
        )
        gates[key].zones.set([zones[zone_key]])
    return zones, gates
