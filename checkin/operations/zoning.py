"""Zones and gates: made and changed in the console."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checkin.errors import DoorTaken
from checkin.models import Gate, Zone
from conference.models import Conference, User
from conference.operations import auditing
from delegates.models import BadgeClass


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


@transaction.atomic
def save_zone(
    *,
    conference: Conference,
    rules: ZoneRules,
    now: datetime,
    actor: User | None,
    zone: Zone | None = None,
) -> Zone:
    """Make a zone, or give one these rules; raises DoorTaken for a name or arrival zone in use."""
    is_new = zone is None
    zone = zone or Zone(conference=conference, order=conference.zones.count() + 1)
    before = {} if is_new else _told(zone)
    zone.name_en, zone.name_zh = rules.name_en, rules.name_zh
    zone.reentry, zone.windows = rules.reentry, rules.windows
    zone.resets = sorted(rules.resets)
    zone.capacity, zone.is_arrival = rules.capacity, rules.is_arrival
    others = conference.zones.exclude(pk=zone.pk)
    if rules.is_arrival and others.filter(is_arrival=True).exists():
        raise DoorTaken(_("Another zone already counts as the arrival."))
    try:
        with transaction.atomic():
            zone.save()
    except IntegrityError:
        raise DoorTaken from None
    zone.open_to.set(rules.open_to)
    _record("zone", zone, is_new=is_new, before=before, now=now, actor=actor)
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
    return {"name": str(door), "name_zh": door.name_zh}


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
