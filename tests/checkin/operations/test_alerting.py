"""What the path of a scan tells at once, and that it costs nothing where there is nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkin.models import Alert, Block
from checkin.operations import admitting
from tests.checkin.conftest import lookup_of, make_person

pytestmark = pytest.mark.django_db


def alerts():
    return [(alert.kind, str(alert.delegate)) for alert in Alert.objects.order_by("pk")]


def test_a_vip_is_announced_at_the_first_entry_and_not_again(delegation, phone, zones):
    vip = make_person(delegation, given_name="Vera", vip=True)
    phone.scan(lookup_of(vip))
    phone.scan(lookup_of(vip), direction="out")
    phone.scan(lookup_of(vip))
    phone.scan(lookup_of(vip), zone=zones["Hall"].pk)
    assert alerts() == [("vip_arrival", "Vera Zhang")]
    alert = Alert.objects.get()
    assert (alert.gate.name_en, alert.zone, alert.seen_at) == ("North door", zones["Venue"], None)


def test_a_refused_vip_has_not_arrived(delegation, phone):
    vip = make_person(delegation, badge_class="press", vip=True)
    assert phone.scan(lookup_of(vip)).json()["verdict"]["code"] == "wrong_zone"
    assert alerts() == []


def test_a_blocked_person_at_a_door_is_told_of_once_however_often_the_badge_is_tried(
    person, lookup, phone, other_phone, now
):
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    for _ in range(3):
        assert phone.scan(lookup).json()["verdict"]["code"] == "blocked"
    other_phone.scan(lookup)
    assert alerts() == [("blocked_person", "Wei Zhang")] * 2


def test_whoever_leaves_while_blocked_is_told_of_as_well(person, lookup, phone, now):
    phone.scan(lookup)
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    assert phone.scan(lookup, direction="out").json()["verdict"]["code"] == "exit_ok"
    assert alerts() == [("blocked_person", "Wei Zhang")]
    assert Alert.objects.get().params == {"direction": "out", "verdict": "exit_ok"}


def test_an_ordinary_scan_costs_no_statement_for_alerts(lookup, phone, zones, now):
    zones["Venue"].capacity = 1
    zones["Venue"].save()
    with CaptureQueriesContext(connection) as captured:
        admitting.judge_scan(device=phone.device, record=phone.record(lookup), now=now)
    assert not [query for query in captured if "alert" in query["sql"].lower()]
