"""Finding people by name at the desk, in either script (CP1, section 2: ``search/``)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checkin.effective_time import period
from checkin.models import Presence
from checkin.operations.name_index import name_index
from checkin.operations.snapshotting import words
from checkin.operations.standing import status_of_badge, with_blocks
from conference.models import Conference
from delegates.models import Badge

MOST = 20
LONGEST = 80
# With 々 and 〇, which stand in names and are Han to a browser as well.
_HAN = re.compile(r"[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Found:
    """At most 20 people, and whether there are more."""

    results: list[dict[str, Any]]
    more: bool


def is_searchable(q: str) -> bool:
    """Return whether a question can be asked: two characters or more, or one if it is Han."""
    q = q.strip()
    return len(q) <= LONGEST and "\0" not in q and (len(q) >= 2 or bool(_HAN.match(q)))


def search(*, conference: Conference, q: str, now: datetime) -> Found:
    """Return people with a valid badge whose names hold every word of ``q``, in any order."""
    persons = name_index(conference, now=now).find(q, most=MOST + 1)
    valid = Badge.objects.filter(conference=conference, revoked_at=None, delegate__in=persons)
    badges = {
        badge.delegate_id: badge
        for badge in with_blocks(valid, now).select_related(
            "badge_class", "delegate__accreditation"
        )
    }
    shown = [badges[person] for person in persons[:MOST] if person in badges]
    inside = _inside(conference, shown, now)
    return Found(
        [_row(badge, inside.get(badge.delegate_id, [])) for badge in shown],
        more=len(persons) > MOST,
    )


def _row(badge: Badge, inside: list[int]) -> dict[str, Any]:
    person = badge.delegate
    return {
        "lookup": badge.lookup,
        "name": person.display_name,
        "native_name": person.other_name,
        "delegation": person.delegation_id,
        "title": words(person, "title"),
        "class": badge.badge_class.number,
        "status": status_of_badge(badge),
        "inside": inside,
    }


def _inside(conference: Conference, badges: list[Badge], now: datetime) -> dict[int, list[int]]:
    """Return the zones in which these people are at ``now``, by delegate."""
    now_ms = round(now.timestamp() * 1000)
    found: dict[int, list[int]] = {}
    here = (
        Presence.objects.filter(
            conference=conference,
            inside=True,
            delegate__in=[badge.delegate_id for badge in badges],
        )
        .select_related("zone")
        .order_by("zone_id")
    )
    for each in here:
        resets = sorted(each.zone.resets)
        if each.in_ms is not None and period(resets, each.in_ms) == period(resets, now_ms):
            found.setdefault(each.delegate_id, []).append(each.zone_id)
    return found
