"""A conference with 20,000 badges, 400 phones and a board that is watched, made in bulk."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

BADGES, PHONES, DELEGATIONS, ZONES, GATES = 20_000, 400, 300, 6, 12
_FAMILY = ("Zhang", "Wang", "Li", "Müller", "Smith", "García", "Tanaka", "Kowalski", "Rossi", "Kim")
_GIVEN = ("Wei", "Anna", "Min", "Jean", "Olga", "Carlos", "Yuki", "Fatima", "John", "Mei", "Ravi")
_NATIVE = ("张", "王", "李", "陈", "刘", "杨", "赵", "黄", "周", "吴")
_NATIVE_GIVEN = ("伟", "芳", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰")


@dataclass
class World:
    """What the measures need to know of it."""

    conference: Any
    zone: int
    phones: list[dict[str, Any]]
    lookups: list[str]
    organiser: Any


def make() -> World:
    """Make the tables and fill them."""
    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    from bench.models import Ticket  # noqa: PLC0415
    from checkin.models import Device, Gate, Zone  # noqa: PLC0415
    from conference.models import Conference, Membership, Role, Series, User  # noqa: PLC0415
    from delegates.documents import badge_keys  # noqa: PLC0415
    from delegates.models import (  # noqa: PLC0415
        Accreditation,
        Badge,
        BadgeClass,
        Country,
        Delegate,
        Delegation,
        Locality,
    )
    from delegates.operations import badging  # noqa: PLC0415

    now = timezone.now()
    conference = Conference.objects.create(
        series=Series.objects.create(slug="bench", name_en="Bench"),
        slug="bench",
        name_en="Bench",
        first_day=now.date(),
        last_day=now.date() + timedelta(days=2),
    )
    classes = BadgeClass.objects.bulk_create(
        BadgeClass(conference=conference, number=n, code=f"class-{n}", name_en=f"Class {n}")
        for n in range(1, 7)
    )
    zones = [
        Zone.objects.create(conference=conference, name_en=f"Area {n}", is_arrival=n == 0)
        for n in range(ZONES)
    ]
    for zone in zones:
        zone.open_to.set(classes)
    gates = [Gate.objects.create(conference=conference, name_en=f"Gate {n}") for n in range(GATES)]
    for gate in gates:
        gate.zones.set(zones)
    delegations = Delegation.objects.bulk_create(
        Delegation(
            conference=conference,
            locality=Locality.objects.create(
                kind=Locality.Kind.CITY, country=Country.CHINA, name_en=f"City {n}"
            ),
            name_en=f"City {n}",
            name_zh=f"城市{n}",
        )
        for n in range(DELEGATIONS)
    )
    people = Delegate.objects.bulk_create(
        [
            Delegate(
                conference=conference,
                delegation=delegations[n % DELEGATIONS],
                family_name=f"{_FAMILY[n % 10]}{_suffix(n // 110)}",
                given_name=_GIVEN[n % 11],
                native_name=f"{_NATIVE[n % 10]}{_NATIVE_GIVEN[n // 10 % 10]}",
                title_en="Head of the Office of Foreign Affairs",
                title_zh="外事办公室主任",
            )
            for n in range(BADGES)
        ],
        batch_size=2000,
    )
    Accreditation.objects.bulk_create(
        [
            Accreditation(
                delegate=person, badge_class=classes[n % 6], state="approved", decided_at=now
            )
            for n, person in enumerate(people)
        ],
        batch_size=2000,
    )
    secret = bytes(badging.authority_of(conference).secret)
    badging.signing_key_of(conference)
    lookups = [
        badge_keys.lookup_of(badge_keys.badge_secret(secret, person.uid, 1)) for person in people
    ]
    Badge.objects.bulk_create(
        [
            Badge(
                delegate=person,
                conference=conference,
                badge_class=classes[n % 6],
                lookup=lookups[n],
                issued_at=now,
            )
            for n, person in enumerate(people)
        ],
        batch_size=2000,
    )
    Ticket.objects.bulk_create(
        [Ticket(code=lookup, name=f"Ticket {n}") for n, lookup in enumerate(lookups)],
        batch_size=2000,
    )
    tokens = [secrets.token_urlsafe(32) for _ in range(PHONES)]
    devices = Device.objects.bulk_create(
        Device(
            conference=conference,
            name=f"Phone {n}",
            gate=gates[n % GATES],
            capabilities=["scan", "desk"],
            valid_until=now + timedelta(days=3),
            enrolled_at=now,
            install_id=uuid.uuid4(),
            token_hash=sha256(token.encode()).hexdigest(),
        )
        for n, token in enumerate(tokens)
    )
    Device.zones.through.objects.bulk_create(
        Device.zones.through(device=device, zone=zone) for device in devices for zone in zones
    )
    organiser = User.objects.create_user("organiser@example.org", name="Olga Organiser")
    Membership.objects.create(conference=conference, user=organiser, role=Role.ORGANISER)
    settle()
    return World(
        conference=conference,
        zone=zones[0].pk,
        phones=[
            {"token": token, "gate": gates[n % GATES].pk, "device": str(devices[n].pk)}
            for n, token in enumerate(tokens)
        ],
        lookups=lookups,
        organiser=organiser,
    )


def settle() -> None:
    """Let the engine know how the tables look, as it does of itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")


def _suffix(number: int) -> str:
    """Return a name's ending, so that names are as various as they are in life."""
    ending = ""
    while number:
        number, rest = divmod(number, 20)
        ending += "bcdfghklmnprstvwxyza"[rest] + "aeiou"[rest % 5]
    return ending
