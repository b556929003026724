"""Finding people by name at the desk, in either script (CP1, section 2: ``search/``)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from checkin.effective_time import period
from checkin.models import Presence
from checkin.operations.snapshotting import words
from checkin.operations.standing import status_of_badge, with_blocks
from conference.models import Conference
from delegates.models import Badge

MOST = 20
_LONGEST = 80
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NAMES = ("family_name", "given_name", "native_name", "badge_name")


@dataclass(frozen=True, slots=True)
class Found:
    """At most 20 people, and whether there are more."""

    results: list[dict[str, Any]]
    more: bool


def is_searchable(q: str) -> bool:
    """Return whether a question can be asked: two characters or more, or one if it is Han."""
    q = q.strip()
    return len(q) <= _LONGEST and "\0" not in q and (len(q) >= 2 or bool(_HAN.match(q)))


def search(*, conference: Conference, q: str, now: datetime) -> Found:
    """Return people with a valid badge whose names hold every word of ``q``, in any order."""
    named = Q()
    for word in q.split():
        named &= Q(*((f"delegate__{name}__icontains", word) for name in _NAMES), _connector=Q.OR)
    badges = list(
        with_blocks(Badge.objects.filter(named, conference=conference, revoked_at=None), now)
        .select_related("badge_class", "delegate__accreditation")
        .order_by("delegate__family_name", "delegate__given_name", "delegate_id")[: MOST + 1]
    )
    inside = _inside(conference, badges[:MOST], now)
    return Found(
        [_row(badge, inside.get(badge.delegate_id, [])) for badge in badges[:MOST]],
        more=len(badges) > MOST,
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
