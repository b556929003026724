"""A phone with the list, a door that seats open, and the reference client over a line that can fail."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from checkin.models import Gate
from checkin.operations import enrolling_devices
from delegates.operations import badging
from docs.cp1_client.client import Client
from sessions.models import Session
from tests.checkin.conftest import enrolled_phone
from tests.checkin.holding import Holding
from tests.support.line import Line


@pytest.fixture
def held(phone, lookup):
    """What a phone keeps that has just got the whole list."""
    holding = Holding(phone)
    holding.poll()
    return holding


@pytest.fixture
def hall(conference, zones, now):
    """A door that opens to those who have a seat in its session."""
    hall = zones["Hall"]
    hall.session = Session.objects.create(
        conference=conference, title_en="Plenary", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    hall.for_enrolled = True
    hall.save()
    return hall


@pytest.fixture
def line(live_server):
    with Line(live_server.url) as line:
        yield line


@pytest.fixture
def issue(conference):
    """Makes a device and gives its one-time code."""

    def issue(gate="North door", capabilities=("scan",)):
        return enrolling_devices.create_device(
            conference=conference,
            gate=Gate.objects.get(conference=conference, name_en=gate),
            name=f"{gate} {uuid.uuid4().hex[:6]}",
            capabilities=capabilities,
            now=timezone.now(),
        ).code

    return issue


@pytest.fixture
def enrol(line, tmp_path, issue):
    """Makes an enrolled client with a snapshot."""

    def enrol(gate="North door", capabilities=("scan",), **how):
        client = Client(tmp_path / f"{uuid.uuid4()}.json", **how)
        client.enrol(f"{line.url}/checkin/#e={issue(gate, capabilities)}")
        if "scan" in capabilities:
            assert client.refresh() == "full"
        return client

    return enrol


@pytest.fixture
def text(person):
    """The QR text of a person's badge."""
    return text_of(person)


def text_of(person):
    """Return the QR text of a person's valid badge."""
    return badging.badge_code_text(person.badges.get(revoked_at=None))


def shown(seen):
    """Return what the guard sees, and whose word it is."""
    return seen.verdict["code"], seen.by


@pytest.fixture
def attacker(conference, monkeypatch):
    """A phone that may do everything, as often as it likes, and whose faults are answers."""
    monkeypatch.setattr("checkin.access.seconds_to_wait", lambda *_: 0)
    phone = enrolled_phone(conference, capabilities=("scan", "desk", "override"))
    phone.client = Browser(raise_request_exception=False)
    return phone
