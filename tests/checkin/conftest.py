"""A conference with doors, people with badges, and a phone that speaks CP1."""

import itertools
import json
import time
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checkin.models import Gate, Zone
from checkin.operations import enrolling_devices
from conference.models import Conference, Membership, Series, User
from delegates.models import Accreditation, BadgeClass, Country, Delegate, Delegation, Locality
from delegates.operations import badging

BASE = "/api/v1/checkin/"


def make_conference(slug="test-2023", *, first_day=None):
    series, _ = Series.objects.get_or_create(slug="sister-cities", defaults={"name_en": "Sister"})
    first_day = first_day or timezone.now().date()
    conference = Conference.objects.create(
        series=series,
        slug=slug,
        name_en="Sister Cities Conference",
        name_zh="友好城市大会",
        first_day=first_day,
        last_day=first_day + timedelta(days=1),
    )
    for number, code, english, chinese in (
        (1, "delegate", "Delegate", "代表"),
        (2, "press", "Press", "媒体"),
    ):
        BadgeClass.objects.create(
            conference=conference, number=number, code=code, name_en=english, name_zh=chinese
        )
    return conference


def make_doors(conference):
    venue = Zone.objects.create(
        conference=conference, name_en="Venue", name_zh="会场", is_arrival=True, order=1
    )
    lunch = Zone.objects.create(
        conference=conference, name_en="Lunch", name_zh="午餐", reentry="never", order=2
    )
    hall = Zone.objects.create(
        conference=conference, name_en="Hall", name_zh="大会堂", reentry="free", order=3
    )
    delegate_class = conference.badge_classes.get(code="delegate")
    for zone in (venue, lunch, hall):
        zone.open_to.set([delegate_class])
    for name_en, name_zh, zones in (
        ("North door", "北门", [venue, lunch, hall]),
        ("South door", "南门", [venue, lunch, hall]),
    ):
        Gate.objects.create(conference=conference, name_en=name_en, name_zh=name_zh).zones.set(
            zones
        )
    return conference


def make_delegation(conference, name_en="Suzhou", name_zh="苏州市"):
    place, _ = Locality.objects.get_or_create(
        kind=Locality.Kind.CITY, country=Country.CHINA, name_en=name_en, name_zh=name_zh
    )
    return Delegation.objects.create(
        conference=conference, locality=place, name_en=name_en, name_zh=name_zh
    )


def make_person(delegation, *, badge=True, now=None, badge_class="delegate", **fields):
    now = now or timezone.now()
    person = Delegate.objects.create(
        conference=delegation.conference,
        delegation=delegation,
        **{"given_name": "Wei", "family_name": "Zhang", "native_name": "张伟"} | fields,
    )
    Accreditation.objects.create(
        delegate=person,
        badge_class=delegation.conference.badge_classes.get(code=badge_class),
        state=Accreditation.State.APPROVED,
        decided_at=now,
    )
    if badge:
        badging.issue_badge(delegate=person, now=now)
    return person


def lookup_of(person):
    return person.badges.get(revoked_at=None).lookup


def uuid7():
    whole = uuid.uuid4().int
    whole = (whole & ~(0xF << 76)) | (7 << 76)
    return str(uuid.UUID(int=whole))


class Phone:
    """An enrolled phone: makes scan records and sends them."""

    def __init__(self, device, token):
        self.device, self.token = device, token
        self.client = Client()
        self.boot = str(uuid.uuid4())
        self._seq = itertools.count(1)
        self._started = round(time.time() * 1000) - 60_000

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.token}", **more}

    def record(self, lookup, **members):
        now = round(time.time() * 1000)
        return {
            "scan_id": uuid7(),
            "seq": next(self._seq),
            "via": "qr",
            "lookup": lookup,
            "unknown_hash": None,
            "gate": self.device.gate_id,
            "zone": self.device.zones.order_by("order").first().pk,
            "direction": "in",
            "wall_ms": now,
            "boot_id": self.boot,
            "mono_ms": now - self._started,
            "anchor": {"server_ms": self._started, "mono_ms": 0, "boot_id": self.boot},
            "cursor": None,
            "offline": False,
            "shown": None,
            "override": None,
            "annuls": None,
        } | members

    def post(self, address, body, **headers):
        return self.client.post(
            BASE + address,
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=headers.pop("content_type", "application/json"),
            headers=self.headers(**headers),
        )

    def get(self, address, query=None, **headers):
        return self.client.get(BASE + address, query, headers=self.headers(**headers))

    def scan(self, lookup, *, want_card=False, **members):
        return self.post("scan/", {"scan": self.record(lookup, **members), "want_card": want_card})

    def send(self, *records, **body):
        return self.post("scans/", {"scans": list(records), **body})


def enrolled_phone(conference, gate="North door", capabilities=("scan",), name=None):
    now = timezone.now()
    issued = enrolling_devices.create_device(
        conference=conference,
        gate=Gate.objects.get(conference=conference, name_en=gate),
        name=name or f"{gate} {uuid.uuid4().hex[:6]}",
        capabilities=capabilities,
        now=now,
    )
    enrolled = enrolling_devices.enrol(
        code=issued.code, install_id=uuid.uuid4(), app="1.0.0", now=now
    )
    return Phone(enrolled.device, enrolled.token)


@pytest.fixture
def conference(db):
    return make_doors(make_conference())


@pytest.fixture
def other_conference(db):
    return make_doors(make_conference("other-2024", first_day=date(2024, 5, 1)))


@pytest.fixture
def zones(conference):
    return {zone.name_en: zone for zone in conference.zones.all()}


@pytest.fixture
def delegation(conference):
    return make_delegation(conference)


@pytest.fixture
def person(delegation):
    return make_person(delegation, title_en="Mayor", title_zh="市长")


@pytest.fixture
def lookup(person):
    return lookup_of(person)


@pytest.fixture
def phone(conference):
    return enrolled_phone(conference)


@pytest.fixture
def desk_phone(conference):
    return enrolled_phone(conference, capabilities=("scan", "desk"))


@pytest.fixture
def other_phone(conference):
    return enrolled_phone(conference, "South door")


@pytest.fixture
def organiser(conference):
    return make_member(conference, "organiser")


@pytest.fixture
def desk(conference):
    return make_member(conference, "desk")


def make_member(conference, role):
    user = User.objects.create_user(f"{role}@example.org", name=f"Olga {role.title()}")
    Membership.objects.create(conference=conference, user=user, role=role)
    return user


@pytest.fixture
def as_organiser(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def as_desk(client, desk):
    client.force_login(desk)
    return client


@pytest.fixture
def now():
    return datetime.now(tz=UTC)
