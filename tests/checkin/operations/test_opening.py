"""Doors made in one press, and how the doors of sessions stay in step with the programme."""

from datetime import UTC, datetime, timedelta

import pytest

from checkin.errors import DoorTaken
from checkin.models import Gate, Zone, ZoneGrant
from checkin.operations import opening
from delegates.models import BadgeClass
from sessions.models import Session
from sessions.operations import scheduling
from tests.checkin.conftest import make_delegation, make_person

NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def panel(conference):
    return make_session(conference)


def make_session(conference, title="Panel on water", **fields):
    given = {"kind": "panel", "title_zh": "水资源论坛", "starts_at": NINE, "ends_at": NINE + HOUR}
    return Session.objects.create(conference=conference, title_en=title, **(given | fields))


def ms(moment):
    return round(moment.timestamp() * 1000)


def test_a_session_gets_zone_and_gate_from_what_the_programme_says(panel, conference, now):
    zone = opening.open_session_door(session=panel, now=now)

    assert (zone.name_en, zone.name_zh, zone.session) == ("Panel on water", "水资源论坛", panel)
    assert zone.windows == [[ms(NINE - HOUR / 2), ms(NINE + 1.25 * HOUR)]]
    assert (zone.reentry, zone.for_enrolled, zone.capacity) == ("free", False, None)
    assert set(zone.open_to.all()) == set(conference.badge_classes.all())
    gate = Gate.objects.get(name_en="Panel on water")
    assert list(gate.zones.all()) == [zone]


def test_pressed_twice_there_is_one_door(panel, now):
    zone = opening.open_session_door(session=panel, now=now)
    assert opening.open_session_door(session=panel, now=now) == zone


def test_where_seats_are_taken_the_door_is_for_those_who_have_one_and_those_who_serve(
    conference, now
):
    staff = BadgeClass.objects.create(
        conference=conference, number=3, code="staff", name_en="Staff"
    )
    session = make_session(conference, takes_enrolments=True, capacity=40)
    zone = opening.open_session_door(session=session, now=now)
    assert (zone.for_enrolled, zone.capacity) == (True, 40)
    assert list(zone.open_to.all()) == [staff]


def test_a_meal_is_eaten_once_and_everybody_is_gone_at_four(conference, now):
    zone = opening.open_session_door(session=make_session(conference, kind="meal"), now=now)
    assert zone.reentry == Zone.Reentry.NEVER
    first = datetime.combine(conference.first_day, opening.NIGHT, tzinfo=conference.zone)
    assert zone.resets == [ms(first + timedelta(days=day)) for day in range(3)]


def test_a_door_moves_with_its_session(panel, now):
    zone = opening.open_session_door(session=panel, now=now)
    scheduling.change_session(
        session_id=panel.pk,
        actor=None,
        now=now,
        starts_at=NINE + 2 * HOUR,
        ends_at=NINE + 3 * HOUR,
    )
    zone.refresh_from_db()
    assert zone.windows == [[ms(NINE + 1.5 * HOUR), ms(NINE + 3.25 * HOUR)]]


def test_a_door_with_times_of_its_own_does_not_move(panel, now):
    zone = opening.open_session_door(session=panel, now=now)
    Zone.objects.filter(pk=zone.pk).update(lead_minutes=None)
    panel.starts_at, panel.ends_at = NINE + HOUR, NINE + 2 * HOUR
    panel.save()
    zone.refresh_from_db()
    assert zone.windows == [[ms(NINE - HOUR / 2), ms(NINE + 1.25 * HOUR)]]


def test_a_name_that_another_door_has_is_refused_and_leaves_nothing(conference, now):
    with pytest.raises(DoorTaken):
        opening.open_session_door(session=make_session(conference, "Lunch"), now=now)
    assert (Zone.objects.count(), Gate.objects.count()) == (3, 2)


def test_the_lounge_is_open_to_vips_one_by_one(conference, phone, now):
    delegation = make_delegation(conference)
    vip, other = make_person(delegation, vip=True), make_person(delegation, given_name="Ann")
    lounge = opening.open_lounge(conference=conference, now=now)
    assert not lounge.open_to.exists()
    assert [grant.delegate for grant in ZoneGrant.objects.all()] == [vip]

    other.vip = True
    other.save()
    assert opening.open_to_vips(zone=lounge, now=now) == 1
    assert opening.open_to_vips(zone=lounge, now=now) == 0
    with pytest.raises(DoorTaken):
        opening.open_lounge(conference=conference, now=now)
