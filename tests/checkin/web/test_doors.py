"""Zones and gates on the organiser's pages: every rule, and doors in one press."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checkin.models import Gate, Zone, ZoneGrant
from sessions.models import Session
from tests.checkin.conftest import make_person

NINE = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)


def at(name, *values):
    return reverse(f"checkin:{name}", args=["test-2023", *values])


@pytest.fixture
def panel(conference):
    return Session.objects.create(
        conference=conference,
        kind="panel",
        title_en="Panel on water",
        title_zh="水资源论坛",
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=1),
    )


def ms(moment):
    return round(moment.timestamp() * 1000)


def test_a_zone_takes_every_rule(as_organiser, conference, panel):
    first, second = conference.badge_classes.all()
    answer = as_organiser.post(
        at("zone_new"),
        {
            "name_en": "Round table",
            "name_zh": "圆桌会议",
            "open_to": [first.pk, second.pk],
            "provisional": [first.pk],
            "reentry": "free",
            "escort": "on",
            "session": panel.pk,
            "for_enrolled": "on",
            "from_1": "2026-11-03T08:30",
            "until_1": "2026-11-03T10:00",
            "capacity": "40",
            "reset_at": "04:00，17:00",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    zone = Zone.objects.get(name_en="Round table")
    opens = datetime(2026, 11, 3, 8, 30, tzinfo=conference.zone)
    assert zone.windows == [[ms(opens), ms(opens + timedelta(minutes=90))]]
    assert (zone.escort, zone.session, zone.for_enrolled) == (True, panel, True)
    assert list(zone.provisional.all()) == [first]
    assert (zone.lead_minutes, zone.capacity, len(zone.resets)) == (None, 40, 6)

    page = as_organiser.get(at("zone_edit", zone.pk)).content.decode()
    assert "2026-11-03T08:30" in page
    assert "04:00, 17:00" in page


def test_a_lead_puts_the_sessions_times_in_place_of_those_typed(as_organiser, panel):
    as_organiser.post(
        at("zone_new"),
        {
            "name_en": "Water",
            "reentry": "free",
            "session": panel.pk,
            "lead_minutes": "15",
            "lag_minutes": "10",
            "from_1": "2026-11-03T00:00",
        },
    )
    zone = Zone.objects.get(name_en="Water")
    opens, closes = NINE - timedelta(minutes=15), NINE + timedelta(minutes=70)
    assert zone.windows == [[ms(opens), ms(closes)]]
    # What is shown is what is kept: saved as it is, nothing changes.
    page = as_organiser.get(at("zone_edit", zone.pk))
    assert page.context["form"]["lag_minutes"].value() == 10
    panel.ends_at += timedelta(hours=1)
    panel.save()
    zone.refresh_from_db()
    assert zone.windows == [[ms(opens), ms(closes + timedelta(hours=1))]]


def test_a_door_that_closes_after_its_session_must_say_when_it_opens(as_organiser, panel):
    sent = {"name_en": "Water", "reentry": "free", "session": panel.pk, "lag_minutes": "10"}
    answer = as_organiser.post(at("zone_new"), sent)
    assert answer.status_code == 422
    assert "0 is possible" in answer.content.decode()


@pytest.mark.parametrize("asked", [{"for_enrolled": "on"}, {"lead_minutes": "15"}])
def test_what_only_a_session_can_give_asks_for_one(as_organiser, asked):
    sent = {"name_en": "Water", "reentry": "free"} | asked
    answer = as_organiser.post(at("zone_new"), sent)
    assert answer.status_code == 422
    assert "Choose the session whose door this is." in answer.content.decode()


def test_the_door_of_a_session_is_made_in_one_press(as_organiser, panel):
    assert "Make the door" in as_organiser.get(at("session_doors")).content.decode()
    as_organiser.post(at("session_door", panel.pk))
    zone = Zone.objects.get(session=panel)
    assert Gate.objects.get(name_en="Panel on water").zones.get() == zone
    page = as_organiser.get(at("session_doors")).content.decode()
    assert "Make the door" not in page
    assert at("zone_edit", zone.pk) in page


def test_the_lounge_is_made_once_and_opened_to_vips(as_organiser, delegation):
    vip = make_person(delegation, vip=True)
    assert "Make the VIP lounge" in as_organiser.get(at("session_doors")).content.decode()
    as_organiser.post(at("lounge"))
    lounge = Zone.objects.get(name_en="VIP lounge")
    assert ZoneGrant.objects.get().delegate == vip
    assert "Make the VIP lounge" not in as_organiser.get(at("session_doors")).content.decode()
    late = make_person(delegation, given_name="Late", vip=True)
    answer = as_organiser.post(at("zone_vips", lounge.pk), follow=True)
    assert "Opened to 1 more VIP." in answer.content.decode()
    assert ZoneGrant.objects.filter(zone=lounge, delegate=late).exists()
    as_organiser.post(at("lounge"))
    assert Zone.objects.filter(name_en="VIP lounge").count() == 1


def test_the_list_of_sessions_costs_the_same_with_one_and_with_three(
    as_organiser, conference, panel
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_organiser.get(at("session_doors"))
        return len(captured)

    queries()
    with_one = queries()
    for number in range(2):
        Session.objects.create(
            conference=conference,
            kind="panel",
            title_en=f"Panel {number}",
            starts_at=NINE + timedelta(days=number + 1),
            ends_at=NINE + timedelta(days=number + 1, hours=1),
        )
    assert queries() == with_one
