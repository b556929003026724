"""What a phone may know of persons: badges that only the badge opens, and presence (CP1, 1, 2).

Twenty thousand rows are no rarity here, so they are read as plain values, in as many queries as
there are tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from checkin.models import Block, Presence, ZoneGrant
from checkin.operations.standing import status_of
from conference.models import Conference
from delegates.documents.badge_card import Card, Flag, Text, seal_card
from delegates.documents.badge_keys import badge_secret
from delegates.models import Badge, CredentialAuthority, Delegate
from delegates.models.names import latin_name, shown_names
from sessions.models import Enrolment

_NAME_LENGTH = 120


class Listed(NamedTuple):
    """A badge with all that its status and its card are made of, in the order of ``_COLUMNS``."""

    lookup: str
    issue: int
    revoked_at: datetime | None
    badge_class: int
    delegate: int
    uid: UUID
    family_name: str
    given_name: str
    suffix: str
    native_name: str
    name_order: str
    badge_name: str
    title_en: str
    title_zh: str
    delegation: int
    vip: bool
    withdrawn_at: datetime | None
    accreditation: str | None
    to_desk: bool | None
    escort: bool | None
    attention: int | None
    valid_from: datetime | None
    valid_until: datetime | None


_COLUMNS = (
    "lookup",
    "issue",
    "revoked_at",
    "badge_class__number",
    "delegate_id",
    "delegate__uid",
    "delegate__family_name",
    "delegate__given_name",
    "delegate__suffix",
    "delegate__native_name",
    "delegate__name_order",
    "delegate__badge_name",
    "delegate__title_en",
    "delegate__title_zh",
    "delegate__delegation_id",
    "delegate__vip",
    "delegate__withdrawn_at",
    "delegate__accreditation__state",
    "delegate__handling__to_desk",
    "delegate__handling__escort",
    "delegate__handling__attention_id",
    "delegate__handling__valid_from",
    "delegate__handling__valid_until",
)

_STAY = (
    "delegate_id",
    "delegate__badges__lookup",
    "zone_id",
    "inside",
    "in_ms",
    "in_scan",
    "gate_id",
    "at_ms",
    "at_scan",
)
_CHUNK = 2000


def words(obj: object, field: str) -> Text:
    """Return a bilingual field as it travels; languages without a text are left out."""
    return text(str(getattr(obj, f"{field}_en")), str(getattr(obj, f"{field}_zh")))


def text(english: str, chinese: str) -> Text:
    """Return a text for people as it travels; a language without one is left out."""
    found: Text = {}
    if english := english.strip():
        found["en"] = english
    if chinese := chinese.strip():
        found["zh"] = chinese
    return found


def badge_rows(
    conference: Conference, *, now: datetime, lookups: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Return badges as the snapshot lists them, all or those of ``lookups``, replaced ones too."""
    if lookups is None:
        return [row for _delegate, row in sealed_rows(conference, Q(), now=now)]
    wanted = set(lookups)
    persons = Badge.objects.filter(conference=conference, lookup__in=wanted).values("delegate")
    rows = sealed_rows(conference, Q(delegate__in=persons), now=now)
    return [row for _delegate, row in rows if row["lookup"] in wanted]


def sealed_rows(
    conference: Conference, persons: Q, *, now: datetime
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the badges of persons as the snapshot lists them, each after its delegate's number.

    ``persons`` says which, by ``delegate``. Rows come one by one, so that of all that is read only
    what is sealed stays in memory.
    """
    authority = CredentialAuthority.objects.filter(conference=conference).first()
    if authority is None:
        return
    secret = bytes(authority.secret)
    blocked = _blocked(conference, persons, now)
    zones = _zones(conference, persons)
    badges = Badge.objects.filter(persons, conference=conference).order_by("delegate_id", "issue")
    for values in badges.values_list(*_COLUMNS).iterator(chunk_size=_CHUNK):
        badge = Listed._make(values)
        status = status_of(
            blocked=badge.delegate in blocked,
            badge_void=badge.revoked_at is not None,
            withdrawn=badge.withdrawn_at is not None,
            accreditation=badge.accreditation,
        )
        card = None
        if badge.revoked_at is None:
            card = seal_card(
                card_of(badge, zones.get(badge.delegate, ())),
                badge_secret(secret, badge.uid, badge.issue),
            )
        yield badge.delegate, {"lookup": badge.lookup, "status": status, "card": card}


def card_of(badge: Listed, zones: Iterable[int]) -> Card:
    """Return what a phone may know of the badge's person, who may enter ``zones`` besides."""
    shown, other = shown_names(
        badge_name=badge.badge_name,
        latin=latin_name(
            family_name=badge.family_name,
            given_name=badge.given_name,
            suffix=badge.suffix,
            family_first=badge.name_order == Delegate.NameOrder.FAMILY_FIRST,
        ),
        native_name=badge.native_name,
    )
    flags: tuple[tuple[Flag, bool | None], ...] = (
        ("vip", badge.vip),
        ("desk", badge.to_desk),
        ("escort", badge.escort),
    )
    valid = (badge.valid_from, badge.valid_until)
    return {
        "name": shown[:_NAME_LENGTH],
        "native_name": other[:_NAME_LENGTH],
        "delegation": badge.delegation,
        "title": text(badge.title_en, badge.title_zh),
        "class": badge.badge_class,
        "zones": sorted(zones),
        "valid": [_ms(each) for each in valid] if any(valid) else [],
        "flags": [flag for flag, holds in flags if holds],
        "attention": badge.attention,
    }


def stays(
    conference: Conference, zones: Iterable[int], chosen: Q
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield who is where in these zones, by delegate, each row after the delegate's number.

    It is listed under each lookup of the person. ``chosen`` says which: presence that no longer
    stands has no ``at_ms``, and only those who have heard of it must hear that.
    """
    here = Presence.objects.filter(chosen, conference=conference, zone__in=list(zones))
    ordered = here.order_by("delegate_id", "zone_id", "delegate__badges__issue")
    rows = ordered.values_list(*_STAY).iterator(chunk_size=_CHUNK)
    for delegate, lookup, zone, *stay in rows:
        if lookup:
            yield delegate, presence_row(lookup, zone, stay)


#: Where nobody is, or any more.
NOWHERE = (False, None, None, None, None, None)


def presence_row(
    lookup: str,
    zone: int,
    stay: Sequence[Any],
) -> dict[str, Any]:
    """Return one row of presence as it travels."""
    inside, in_ms, in_scan, gate, at_ms, at_scan = stay
    return {
        "lookup": lookup,
        "zone": zone,
        "inside": inside,
        "in_ms": in_ms,
        "in_scan": str(in_scan) if in_scan else None,
        "gate": gate,
        "at_ms": at_ms,
        "at_scan": str(at_scan) if at_scan else None,
    }


def _blocked(conference: Conference, persons: Q, now: datetime) -> set[int]:
    standing = Block.objects.filter(
        persons, Q(until=None) | Q(until__gt=now), delegate__conference=conference, since__lte=now
    )
    return set(standing.values_list("delegate_id", flat=True))


def _zones(conference: Conference, persons: Q) -> dict[int, set[int]]:
    """Return the zones open to single persons: granted, or those of sessions with a seat."""
    granted = ZoneGrant.objects.filter(persons, delegate__conference=conference)
    seated = Enrolment.objects.filter(
        persons,
        state=Enrolment.State.SEAT,
        session__zones__for_enrolled=True,
        session__zones__conference=conference,
    )
    found: dict[int, set[int]] = {}
    for delegate, zone in granted.values_list("delegate_id", "zone_id"):
        found.setdefault(delegate, set()).add(zone)
    for delegate, zone in seated.values_list("delegate_id", "session__zones"):
        found.setdefault(delegate, set()).add(zone)
    return found


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else round(instant.timestamp() * 1000)
