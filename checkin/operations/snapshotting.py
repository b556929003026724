"""What a phone may know: rules, badges that only the badge opens, presence (CP1, section 2)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from checkin.models import Device, Presence, Zone
from checkin.operations.standing import status_of_badge, with_blocks
from conference.models import Conference
from delegates.documents.badge_card import Card, Text, seal_card
from delegates.documents.badge_keys import badge_secret
from delegates.models import Badge, CredentialAuthority

LEASE_MS = 12 * 3600 * 1000
POLL_S = 30
_NAME_LENGTH = 120

#: Why a supervisor may wave somebody through.
REASONS = {
    "forgot_exit": gettext_noop("Was not scanned when leaving"),
    "known_person": gettext_noop("Known and accompanied by staff"),
    "rule_wrong": gettext_noop("The rule does not fit this case"),
    "other": gettext_noop("Another reason"),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole of it; ``cursor`` names its content, so the same content has the same one."""

    cursor: str
    body: dict[str, Any]


def snapshot(*, device: Device, now: datetime) -> Snapshot:
    """Return all that this device may know at ``now``; the number of queries is constant."""
    conference = device.conference
    zones = [zone.pk for zone in device.zones.all()]
    body: dict[str, Any] = {
        "lease_ms": LEASE_MS,
        "poll_s": POLL_S,
        "rules": rules(device),
        "badges": badge_rows(conference, now=now),
        "gone": [],
        "presence": presence_rows(conference, zones),
    }
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    named = sha256(f"{device.pk}\n{content}".encode()).hexdigest()[:32]
    return Snapshot(named, {"full": True, "cursor": named, **body})


def words(obj: object, field: str) -> Text:
    """Return a bilingual field as it travels; languages without a text are left out."""
    found: Text = {}
    if english := str(getattr(obj, f"{field}_en")).strip():
        found["en"] = english
    if chinese := str(getattr(obj, f"{field}_zh")).strip():
        found["zh"] = chinese
    return found


def rules(device: Device) -> dict[str, Any]:
    """Return keys, classes, zones, gates and the texts that cards refer to by number."""
    conference = device.conference
    zones = conference.zones.prefetch_related("open_to", "provisional")
    return {
        "keys": [
            {"key_id": key.key_id, "point": key.point}
            for key in conference.signing_keys.defer("private_key").order_by("key_id")
        ],
        "classes": [
            {"id": each.number, "code": each.code, "name": words(each, "name")}
            for each in conference.badge_classes.order_by("number")
        ],
        "zones": [zone_row(zone) for zone in zones],
        "gates": [
            {
                "id": gate.pk,
                "name": words(gate, "name"),
                "zones": sorted(zone.pk for zone in gate.zones.all()),
            }
            for gate in conference.gates.prefetch_related("zones")
        ],
        "delegations": [
            {"id": each.pk, "name": words(each, "name")}
            for each in conference.delegations.order_by("pk")
        ],
        "texts": {},
        "reasons": [{"code": code, "name": _both(text)} for code, text in REASONS.items()],
        **({"supervisors": []} if device.can("override") else {}),
    }


def zone_row(zone: Zone) -> dict[str, Any]:
    """Return a zone with its rules; ``open_to`` and ``provisional`` must be prefetched."""
    return {
        "id": zone.pk,
        "name": words(zone, "name"),
        "open_to": sorted(each.number for each in zone.open_to.all()),
        "windows": zone.windows,
        "reentry": zone.reentry,
        "resets": sorted(zone.resets),
        "provisional": sorted(each.number for each in zone.provisional.all()),
        "escort": zone.escort,
    }


def badge_rows(
    conference: Conference, *, now: datetime, lookups: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Return badges as the snapshot lists them, all or those of ``lookups``, replaced ones too."""
    authority = CredentialAuthority.objects.filter(conference=conference).first()
    if authority is None:
        return []
    badges = _badges(conference, now)
    if lookups is not None:
        badges = badges.filter(lookup__in=list(lookups))
    secret = bytes(authority.secret)
    rows: list[dict[str, Any]] = []
    for badge in badges:
        status = status_of_badge(badge)
        sealed = None
        if badge.revoked_at is None:
            sealed = seal_card(
                card_of(badge), badge_secret(secret, badge.delegate.uid, badge.issue)
            )
        rows.append({"lookup": badge.lookup, "status": status, "card": sealed})
    return rows


def card_of(badge: Badge) -> Card:
    """Return what a phone may know of the badge's person; ``granted`` zones must be loaded."""
    person = badge.delegate
    return {
        "name": person.display_name[:_NAME_LENGTH],
        "native_name": person.other_name[:_NAME_LENGTH],
        "delegation": person.delegation_id,
        "title": words(person, "title"),
        "class": badge.badge_class.number,
        "zones": sorted(grant.zone_id for grant in person.zone_grants.all()),
        "flags": ["vip"] if person.vip else [],
    }


def presence_rows(conference: Conference, zones: Iterable[int]) -> list[dict[str, Any]]:
    """Return who is where in these zones, under each lookup of the person."""
    here = (
        Presence.objects.filter(conference=conference, zone__in=list(zones))
        .order_by("pk")
        .prefetch_related(
            Prefetch("delegate__badges", queryset=Badge.objects.only("lookup", "delegate_id"))
        )
    )
    return [
        {
            "lookup": badge.lookup,
            "zone": each.zone_id,
            "inside": each.inside,
            "in_ms": each.in_ms,
            "in_scan": str(each.in_scan) if each.in_scan else None,
            "gate": each.gate_id,
            "at_ms": each.at_ms,
            "at_scan": str(each.at_scan) if each.at_scan else None,
        }
        for each in here
        for badge in each.delegate.badges.all()
    ]


def _badges(conference: Conference, now: datetime) -> QuerySet[Badge]:
    return with_blocks(
        Badge.objects.filter(conference=conference)
        .select_related("badge_class", "delegate__accreditation")
        .prefetch_related("delegate__zone_grants")
        .order_by("pk"),
        now,
    )


def _both(text: str) -> Text:
    with override("en"):
        english = _(text)
    with override("zh-hans"):
        return {"en": english, "zh": _(text)}
