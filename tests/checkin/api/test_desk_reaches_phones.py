"""What is done at the desk and in the console is with every phone at its next asking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Gate
from checkin.operations import changing_devices, opening, supervising
from sessions.models import Session
from sessions.operations import scheduling
from tests.checkin.conftest import enrolled_phone, make_conference, make_doors, uuid7
from tests.checkin.holding import Holding, fresh

# On PostgreSQL a transaction cannot tell its own changes apart; here each has its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference(transactional_db):
    return make_doors(make_conference())


def test_walk_ins_and_substitutes_come_with_the_next_delta(held, desk_phone, lookup):
    entry = {"walk_in_id": uuid7(), "name": "Ann LEE", "class": 1}
    entered = desk_phone.post("walk-ins/", entry).json()
    instead = desk_phone.post("substitutions/", {"lookup": lookup, "name": "Bo PARK"}).json()

    assert held.poll()["full"] is False

    assert held.badges[entered["lookup"]] == entered["badge"]
    assert held.badges[instead["lookup"]] == instead["badge"]
    assert (held.badges[lookup]["status"], held.badges[lookup]["card"]) == ("revoked", None)
    names = [each["name"].get("zh") for each in held.rules["delegations"]]
    assert "现场登记人员" in names
    assert held.contents() == fresh(held.phone)


def test_a_phone_that_was_moved_hears_of_it(held, phone, conference):
    south = Gate.objects.get(conference=conference, name_en="South door")
    hall = conference.zones.get(name_en="Hall")
    changing_devices.change_device(
        device=phone.device,
        name="Phone 7",
        gate=south,
        zones=[hall],
        capabilities=["scan", "override"],
        valid_until=phone.device.valid_until,
        now=timezone.now(),
    )
    held.poll()
    assert held.rules["device"] == {
        "name": "Phone 7",
        "gate": south.pk,
        "zones": [hall.pk],
        "capabilities": ["scan", "override"],
        "valid_until_ms": round(phone.device.valid_until.timestamp() * 1000),
    }
    assert "supervisors" in held.rules


def test_supervisors_reach_phones_that_may_override_and_leave_them_when_they_end(conference):
    holding = Holding(enrolled_phone(conference, capabilities=("scan", "override")))
    holding.poll()
    olga = supervising.add_supervisor(
        conference=conference, name="Olga", pin="190482", now=timezone.now()
    )
    holding.poll()
    assert holding.rules["supervisors"] == [
        {
            "id": olga.pk,
            "name": "Olga",
            "pin": {"salt": olga.pin_salt, "rounds": 600_000, "hash": olga.pin_hash},
        }
    ]
    supervising.end_supervisor(supervisor=olga, now=timezone.now())
    holding.poll()
    assert holding.rules["supervisors"] == []


def test_a_session_that_is_moved_moves_its_door_on_every_phone(held, conference):
    starts_at = timezone.now() + timedelta(days=1)
    session = Session.objects.create(
        conference=conference,
        kind="panel",
        title_en="Panel on water",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )
    zone = opening.open_session_door(session=session, now=timezone.now())
    held.poll()
    later = timedelta(hours=2)
    scheduling.change_session(
        session_id=session.pk,
        actor=None,
        now=timezone.now(),
        starts_at=session.starts_at + later,
        ends_at=session.ends_at + later,
    )
    held.poll()
    (row,) = [each for each in held.rules["zones"] if each["id"] == zone.pk]
    assert row["windows"] == [
        [
            opening.in_ms(starts_at + later - timedelta(minutes=30)),
            opening.in_ms(starts_at + later + timedelta(hours=1, minutes=15)),
        ]
    ]
