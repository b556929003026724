"""Doors made in one press: of a session, of a meal, of the lounge; sessions' doors stay in step.

A door is a zone with its rules and the gate that leads into it, both under one name.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from checkin.errors import DoorTaken
from checkin.models import Gate, Zone, ZoneGrant
from conference.models import Conference, User
from conference.operations import auditing
from delegates.models import Delegate
from sessions.models import Session

LEAD_MINUTES = 30
#: Sessions run over: who stepped out of one that does is let in again.
LAG_MINUTES = 15
#: Everybody counts as gone at this time of each night, by the venue's clocks.
NIGHT = time(4, 0)
LOUNGE_EN, LOUNGE_ZH = "VIP lounge", "贵宾休息室"
#: Who serves where seats are taken, and needs none.
SERVING = ("staff", "security", "interpreter", "volunteer")
_NAME_LENGTH = 120


def nights(conference: Conference, clocks: Iterable[time] = (NIGHT,)) -> list[int]:
    """Return these times of day on each day of the conference and the one after, in ms."""
    days = (conference.last_day - conference.first_day).days + 2
    return sorted(
        in_ms(
            datetime.combine(
                conference.first_day + timedelta(days=day), clock, tzinfo=conference.zone
            )
        )
        for day in range(days)
        for clock in clocks
    )


def window_of(session: Session, *, lead_minutes: int, lag_minutes: int) -> list[list[int | None]]:
    """Return when the doors of a session let people in: so long before it and after its end."""
    opens = session.starts_at - timedelta(minutes=lead_minutes)
    closes = session.ends_at + timedelta(minutes=lag_minutes)
    return [[in_ms(opens), in_ms(closes)]]


@transaction.atomic
def open_session_door(*, session: Session, now: datetime, actor: User | None = None) -> Zone:
    """Make zone and gate of a session; where it has a door already, return that.

    Who has no seat is not let in where seats are taken in advance, but for those who serve; a
    meal is eaten once. Raises DoorTaken if another door has the session's name.
    """
    standing = session.zones.order_by("pk").first()
    if standing is not None:
        return standing
    classes = session.conference.badge_classes.all()
    if session.takes_enrolments:
        classes = classes.filter(code__in=SERVING)
    elif session.visibility == Session.Visibility.STAFF:
        classes = classes.filter(code="staff")
    is_meal = session.kind == Session.Kind.MEAL
    zone = _open(
        session.conference,
        name_en=(session.title_en or session.title_zh)[:_NAME_LENGTH],
        name_zh=session.title_zh[:_NAME_LENGTH],
        session=session,
        lead_minutes=LEAD_MINUTES,
        lag_minutes=LAG_MINUTES,
        windows=window_of(session, lead_minutes=LEAD_MINUTES, lag_minutes=LAG_MINUTES),
        for_enrolled=session.takes_enrolments,
        capacity=session.capacity or (session.room.capacity if session.room else None),
        reentry=Zone.Reentry.NEVER if is_meal else Zone.Reentry.FREE,
    )
    zone.open_to.set(classes)
    _record("zone.create", zone, now=now, actor=actor, after={"session": str(session)})
    return zone


@transaction.atomic
def open_lounge(*, conference: Conference, now: datetime, actor: User | None = None) -> Zone:
    """Make the VIP lounge, open to those marked as VIP one by one and to no class.

    Raises DoorTaken if there is one.
    """
    zone = _open(
        conference, name_en=LOUNGE_EN, name_zh=LOUNGE_ZH, reentry=Zone.Reentry.FREE, escort=True
    )
    _record("zone.create", zone, now=now, actor=actor)
    open_to_vips(zone=zone, now=now, actor=actor)
    return zone


@transaction.atomic
def open_to_vips(*, zone: Zone, now: datetime, actor: User | None = None) -> int:
    """Open a zone to every VIP who attends and may not enter it yet; return to how many."""
    newcomers = list(
        Delegate.objects.attending()
        .filter(conference=zone.conference_id, vip=True)
        .exclude(zone_grants__zone=zone)
    )
    ZoneGrant.objects.bulk_create(
        [ZoneGrant(zone=zone, delegate=person) for person in newcomers], ignore_conflicts=True
    )
    if newcomers:
        _record("zone.open_to_vips", zone, now=now, actor=actor, after={"people": len(newcomers)})
    return len(newcomers)


def follow_session(*, instance: Session, **_: object) -> None:
    """Move the times of a session's doors with it, whenever it is saved."""
    for zone in instance.zones.exclude(lead_minutes=None):
        windows = window_of(
            instance, lead_minutes=zone.lead_minutes or 0, lag_minutes=zone.lag_minutes or 0
        )
        if zone.windows != windows:
            zone.windows = windows
            zone.save(update_fields=["windows"])


def in_ms(moment: datetime) -> int:
    """Return an instant in ms since the Unix epoch."""
    return round(moment.timestamp() * 1000)


def _open(conference: Conference, *, name_en: str, name_zh: str, **rules: Any) -> Zone:
    try:
        with transaction.atomic():
            zone = Zone.objects.create(
                conference=conference,
                name_en=name_en,
                name_zh=name_zh,
                resets=nights(conference),
                order=conference.zones.count() + 1,
                **rules,
            )
            gate = Gate.objects.create(
                conference=conference,
                name_en=name_en,
                name_zh=name_zh,
                order=conference.gates.count() + 1,
            )
    except IntegrityError:
        raise DoorTaken from None
    gate.zones.set([zone])
    return zone


def _record(
    action: str,
    zone: Zone,
    *,
    now: datetime,
    actor: User | None,
    after: dict[str, Any] | None = None,
) -> None:
    auditing.record(
        action=action,
        target=zone,
        conference=zone.conference,
        actor=actor,
        after={"name": zone.name_en, **(after or {})},
        now=now,
    )
