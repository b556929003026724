"""Making a conference out of another one: every date re-based, nothing carried that must not be.

Carried: names, theme, hosts, venues and rooms, the team. Not carried: facts and messages of the
edition as it was, so no mailings and none of their files. The upper apps add their own parts (see
``checkin.operations.rehearsing``).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from conference.errors import SlugTaken
from conference.models import Conference, Host, Membership, Role, Room, User, Venue
from conference.operations import auditing


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How far dates move: whole days of local wall time, so 09:00 stays 09:00 across DST."""

    days: int
    zone: ZoneInfo

    def day(self, value: date | None) -> date | None:
        """Move a calendar day; None stays None."""
        return value and value + timedelta(days=self.days)

    def instant(self, value: datetime) -> datetime:
        """Move an instant by whole days of the venue's wall clock."""
        local = value.astimezone(self.zone)
        moved = datetime.combine(local.date() + timedelta(days=self.days), local.timetz())
        return moved.replace(tzinfo=self.zone)

    def milliseconds(self, value: int | None) -> int | None:
        """Move an instant given in ms since the Unix epoch; None (unbounded) stays None."""
        if value is None:
            return None
        moved = self.instant(datetime.fromtimestamp(value / 1000, tz=self.zone))
        return int(moved.timestamp() * 1000)


@dataclass(frozen=True, kw_only=True)
class Clone:
    """A new conference, and what the upper apps need to copy their own parts into it."""

    source: Conference
    conference: Conference
    shift: Shift
    rooms: dict[int, Room]


@transaction.atomic
def clone_conference(
    *, source: Conference, slug: str, first_day: date, actor: User | None, now: datetime
) -> Clone:
    """Copy the house of ``source`` to a rehearsal that begins on ``first_day``.

    Raises SlugTaken when another conference has this address.
    """
    days = (first_day - source.first_day).days
    clone = Conference(
        series=source.series,
        number=None,
        slug=slug,
        name_en=_rehearsal_name(source.name_en, "rehearsal"),
        name_zh=_rehearsal_name(source.name_zh, "演练"),
        theme_en=source.theme_en,
        theme_zh=source.theme_zh,
        city_en=source.city_en,
        city_zh=source.city_zh,
        welcome_en=source.welcome_en,
        welcome_zh=source.welcome_zh,
        timezone=source.timezone,
        first_day=first_day,
        last_day=source.last_day + timedelta(days=days),
        published=False,
        show_map=source.show_map,
        sender_name_en=source.sender_name_en,
        sender_name_zh=source.sender_name_zh,
        reply_to=source.reply_to,
        rehearsal_of=source.rehearsal_of or source,
    )
    try:
        with transaction.atomic():
            clone.save(force_insert=True)
    except IntegrityError as clash:
        raise SlugTaken from clash
    _copy_hosts(source, clone)
    _copy_team(source, clone, actor)
    auditing.record(
        action="conference.clone",
        target=clone,
        conference=clone,
        actor=actor,
        after={"source": source.slug, "first_day": first_day.isoformat()},
        now=now,
    )
    return Clone(
        source=source,
        conference=clone,
        shift=Shift(days=days, zone=source.zone),
        rooms=_copy_rooms(source, clone),
    )


def _rehearsal_name(name: str, word: str) -> str:
    if not name:
        return ""
    return f"{name}（{word}）" if word == "演练" else f"{name} ({word})"


def _copy_hosts(source: Conference, clone: Conference) -> None:
    Host.objects.bulk_create(
        Host(
            conference=clone,
            role=host.role,
            name_en=host.name_en,
            name_zh=host.name_zh,
            abbreviation=host.abbreviation,
            order=host.order,
            source=host.source,
            uncertain=host.uncertain,
        )
        for host in source.hosts.all()
    )


def _copy_team(source: Conference, clone: Conference, actor: User | None) -> None:
    roles = dict(source.memberships.values_list("user_id", "role"))
    if actor is not None:
        roles[actor.pk] = Role.ORGANISER
    Membership.objects.bulk_create(
        Membership(conference=clone, user_id=user_id, role=role) for user_id, role in roles.items()
    )


def _copy_rooms(source: Conference, clone: Conference) -> dict[int, Room]:
    rooms: dict[int, Room] = {}
    for venue in source.venues.prefetch_related("rooms"):
        copy = Venue.objects.create(
            conference=clone,
            name_en=venue.name_en,
            name_zh=venue.name_zh,
            address_en=venue.address_en,
            address_zh=venue.address_zh,
            source=venue.source,
            uncertain=venue.uncertain,
        )
        for room in venue.rooms.all():
            rooms[room.pk] = Room.objects.create(
                venue=copy,
                name_en=room.name_en,
                name_zh=room.name_zh,
                floor=room.floor,
                capacity=room.capacity,
                allows_overlap=room.allows_overlap,
            )
    return rooms
