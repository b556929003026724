"""Zones and gates: made and changed in the console."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checkin.errors import DoorTaken
from checkin.models import Gate, Zone
from checkin.operations import opening, refolding
from conference.models import Conference, User
from conference.operations import auditing
from delegates.models import BadgeClass
from sessions.models import Session


@dataclass(frozen=True, kw_only=True)
class ZoneRules:
    """A zone as people fill it in; instants in ms since the Unix epoch."""

    name_en: str
    name_zh: str
    open_to: Iterable[BadgeClass]
    reentry: str
    windows: list[list[int | None]] = field(default_factory=list)
    resets: list[int] = field(default_factory=list)
    capacity: int | None = None
    is_arrival: bool = False
    provisional: Iterable[BadgeClass] = ()
    escort: bool = False
    session: Session | None = None
    for_enrolled: bool = False
    lead_minutes: int | None = None
    lag_minutes: int | None = None


#: What the record of deeds keeps of a zone's rules.
_RULES = (
    "reentry",
    "windows",
    "resets",
    "capacity",
    "is_arrival",
    "escort",
    "for_enrolled",
    "lead_minutes",
    "lag_minutes",
)


@transaction.atomic
def save_zone(
    *,
    conference: Conference,
    rules: ZoneRules,
    now: datetime,
    actor: User | None,
    zone: Zone | None = None,
) -> Zone:
    """Make a zone, or give one these rules; raises DoorTaken for a name or arrival zone in use.

    Without a session nothing follows one; with a lead its times are the session's.
    """
    is_new = zone is None
    zone = zone or Zone(conference=conference, order=conference.zones.count() + 1)
    before = {} if is_new else _told(zone)
    former = zone.reentry, sorted(zone.resets)
    zone.name_en, zone.name_zh = rules.name_en, rules.name_zh
    zone.reentry, zone.windows = rules.reentry, rules.windows
    zone.resets = sorted(rules.resets)
    zone.capacity, zone.is_arrival = rules.capacity, rules.is_arrival
    zone.escort, zone.session = rules.escort, rules.session
    zone.for_enrolled = rules.for_enrolled and rules.session is not None
    zone.lead_minutes = rules.lead_minutes if rules.session else None
    zone.lag_minutes = rules.lag_minutes if zone.lead_minutes is not None else None
    if zone.session and zone.lead_minutes is not None:
        zone.windows = opening.window_of(
            zone.session, lead_minutes=zone.lead_minutes, lag_minutes=zone.lag_minutes or 0
        )
    others = conference.zones.exclude(pk=zone.pk)
    if rules.is_arrival and others.filter(is_arrival=True).exists():
        raise DoorTaken(_("Another zone already counts as the arrival."))
    try:
        with transaction.atomic():
            zone.save()
    except IntegrityError:
        raise DoorTaken from None
    zone.open_to.set(rules.open_to)
    zone.provisional.set(rules.provisional)
    _record("zone", zone, is_new=is_new, before=before, now=now, actor=actor)
    if not is_new and former != (zone.reentry, zone.resets):
        # What the scans come to is read by other rules now.
        refolding.ask(zone)
    return zone


@transaction.atomic
def save_gate(
    *,
    conference: Conference,
    name_en: str,
    name_zh: str,
    zones: Iterable[Zone],
    now: datetime,
    actor: User | None,
    gate: Gate | None = None,
) -> Gate:
    """Make a gate, or give one this name and these zones; raises DoorTaken."""
    is_new = gate is None
    gate = gate or Gate(conference=conference, order=conference.gates.count() + 1)
    before = {} if is_new else _told(gate)
    gate.name_en, gate.name_zh = name_en, name_zh
    try:
        with transaction.atomic():
            gate.save()
    except IntegrityError:
        raise DoorTaken from None
    gate.zones.set(zones)
    _record("gate", gate, is_new=is_new, before=before, now=now, actor=actor)
    return gate


def _told(door: Zone | Gate) -> dict[str, Any]:
    told: dict[str, Any] = {"name": str(door), "name_zh": door.name_zh}
    if isinstance(door, Zone):
        told |= {name: getattr(door, name) for name in _RULES}
    return told


def _record(
    kind: str,
    door: Zone | Gate,
    *,
    is_new: bool,
    before: dict[str, Any],
    now: datetime,
    actor: User | None,
) -> None:
    auditing.record(
        action=f"{kind}.create" if is_new else f"{kind}.change",
        target=door,
        conference=door.conference,
        actor=actor,
        before=before,
        after=_told(door),
        now=now,
    )
