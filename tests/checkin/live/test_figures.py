"""What is counted: of whom, where, when, and what is said of impossible times."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkin import live
from checkin.models import Device, Presence, Scan
from checkin.web.board_chart import chart
from delegates.models import Accreditation, Country, Locality
from sessions.models import Session
from tests.checkin.conftest import lookup_of, make_delegation, make_person


def ms(at):
    return round(at.timestamp() * 1000)


def counted(conference, now=None):
    return live.count(conference, now_ms=ms(now or timezone.now()))


def let_in(person, zone, at):
    Presence.objects.create(
        conference=person.conference,
        delegate=person,
        zone=zone,
        entries=1,
        inside=True,
        first_in_ms=ms(at),
        in_ms=ms(at),
        at_ms=ms(at),
    )


def test_a_count_costs_the_same_with_one_and_with_many(conference, delegation, phone, zones):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            counted(conference)
        return len(captured)

    phone.scan(lookup_of(make_person(delegation, role="head")))
    with_one = queries()
    for number in range(3):
        group = make_delegation(conference, f"City {number}", f"城市{number}")
        phone.scan(lookup_of(make_person(group, role="head", vip=True)), zone=zones["Hall"].pk)
        phone.scan("ab" * 16)
    assert queries() == with_one
    assert with_one <= 20


def test_delegations_tell_who_is_here_missing_late_and_unexpected(conference, zones):
    now = timezone.now()
    group = make_delegation(conference)
    head = make_person(group, given_name="Head", role="head")
    late = make_person(group, given_name="Late", arrival_at=now - timedelta(hours=1))
    make_person(group, given_name="Later", arrival_at=now + timedelta(hours=1))
    stranger = make_person(group, given_name="Withdrawn", withdrawn_at=now)
    for person in (head, stranger):
        let_in(person, zones["Venue"], now - timedelta(minutes=5))

    (figures,) = counted(conference).delegations

    assert (figures.expected, figures.arrived, figures.missing, figures.late) == (3, 2, 2, 1)
    assert (figures.here, figures.unexpected, figures.inside) == (1, 1, 2)
    assert (figures.state, figures.head_here) == ("partly", True)
    assert late.pk


def test_one_who_left_and_one_who_never_came_do_not_make_a_delegation_complete(conference, zones):
    group = make_delegation(conference)
    make_person(group, given_name="Absent")
    former = make_person(group, given_name="Former", withdrawn_at=timezone.now())
    let_in(former, zones["Venue"], timezone.now())
    (figures,) = counted(conference).delegations
    assert (figures.expected, figures.arrived, figures.is_complete) == (1, 1, False)


def test_nobody_is_late_before_the_first_session_begins(conference, delegation):
    now = timezone.now()
    make_person(delegation)
    Session.objects.create(
        conference=conference,
        kind="plenary",
        title_en="Opening",
        starts_at=now + timedelta(hours=2),
        ends_at=now + timedelta(hours=3),
    )
    assert counted(conference, now).late == 0
    assert counted(conference, now + timedelta(hours=2)).late == 1


def test_a_person_in_two_zones_at_the_same_moment_arrives_once(conference, person, zones):
    at = timezone.now()
    for name in ("Venue", "Hall"):
        let_in(person, zones[name], at)
    figures = counted(conference)
    assert (figures.arrived, figures.inside, len(figures.last)) == (1, 1, 1)
    assert sum(number for _quarter, number in figures.quarters) == 1


def test_a_stay_from_before_a_reset_does_not_stand_nor_does_one_from_after_the_next(
    conference, person, zones
):
    now = timezone.now()
    zones["Venue"].resets = [ms(now) - 1000, ms(now) + 1000]
    zones["Venue"].save()
    let_in(person, zones["Venue"], now)
    for at, inside in ((-2000, 0), (0, 1), (1500, 0)):
        Presence.objects.update(in_ms=ms(now) + at)
        assert counted(conference, now).inside == inside


def test_hours_are_those_of_the_venue(conference, delegation, zones):
    conference.first_day = datetime(2023, 11, 3, tzinfo=UTC).date()
    for hour, minute in ((0, 10), (0, 50), (2, 0)):  # 08:10, 08:50 and 10:00 in Suzhou
        person = make_person(delegation, given_name=f"At {hour}:{minute}")
        let_in(person, zones["Venue"], datetime(2023, 11, 3, hour, minute, tzinfo=UTC))
    drawn = chart(counted(conference), conference)
    assert drawn.day.isoformat() == "2023-11-03"
    assert [(bar.label, bar.count) for bar in drawn.bars] == [
        ("08", 2),
        ("09", 0),
        ("10", 1),
        ("11", 0),
    ]


@pytest.mark.parametrize(
    "impossible", [timedelta(minutes=16), timedelta(days=1), timedelta(days=9000)]
)
def test_a_scan_from_the_future_counts_and_moves_no_chart(
    conference, delegation, zones, impossible
):
    now = timezone.now()
    let_in(make_person(delegation, given_name="True"), zones["Venue"], now - timedelta(hours=1))
    let_in(make_person(delegation, given_name="False"), zones["Venue"], now + impossible)

    figures = counted(conference, now)

    assert (figures.arrived, figures.odd) == (2, 1)
    drawn = chart(figures, conference)
    assert sum(bar.count for bar in drawn.bars) == 1
    assert drawn.day == conference.today(now - timedelta(hours=1))
    assert [(each.name, each.is_odd) for each in figures.last] == [
        ("True Zhang", False),
        ("False Zhang", True),
    ]


def test_a_scan_of_a_dead_clock_is_odd_too(conference, person, zones):
    let_in(person, zones["Venue"], datetime(1970, 1, 1, tzinfo=UTC))
    figures = counted(conference)
    assert (figures.arrived, figures.odd, chart(figures, conference)) == (1, 1, None)


def test_a_gate_counts_those_who_first_came_in_there(conference, delegation, phone, other_phone):
    first, second = (lookup_of(make_person(delegation, given_name=name)) for name in ("One", "Two"))
    phone.scan(first)
    phone.scan(first, direction="out")
    other_phone.scan(first)
    other_phone.scan(second)

    north, south = counted(conference).gates

    assert (north.name_en, north.arrived, north.scans) == ("North door", 1, 2)
    assert (south.name_en, south.arrived, south.scans) == ("South door", 1, 2)
    assert north.last_ms == Scan.objects.filter(gate=north.gate).latest("effective_ms").effective_ms
    assert [each.state for each in north.phones] == ["working"]


def test_a_silent_phone_is_told(conference, phone):
    Device.objects.update(last_seen_at=timezone.now() - timedelta(minutes=8))
    assert counted(conference).gates[0].phones[0].state == "silent"


def test_the_region_of_a_city_is_its_province(conference):
    province = Locality.objects.create(
        kind=Locality.Kind.PROVINCE, country=Country.CHINA, code="CN-JS", name_en="Jiangsu"
    )
    group = make_delegation(conference)
    group.locality.parent = province
    group.locality.save()
    make_person(group)
    assert counted(conference).delegations[0].region == "CN-JS"


def test_sessions_of_the_next_three_hours_and_those_inside_their_door(conference, person, zones):
    now = timezone.now()

    def session(title, begins_in, **fields):
        starts_at = now + timedelta(minutes=begins_in)
        return Session.objects.create(
            conference=conference,
            kind="side_event",
            title_en=title,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            **fields,
        )

    on = session("On", -30, capacity=2)
    session("Over", -90)
    session("Soon", 179, takes_enrolments=True, capacity=10, seats_taken=9)
    session("Tomorrow", 181)
    session("Called off", 10, cancelled_at=now)
    zones["Hall"].session = on
    zones["Hall"].save()
    let_in(person, zones["Hall"], now)

    told = counted(conference, now).sessions

    assert [(each.title_en, each.inside, each.seats, each.fullness) for each in told] == [
        ("On", 1, None, "room"),
        ("Soon", None, 9, "filling"),
    ]


def test_heads_and_vips_are_told_with_when_they_came_or_are_due(conference, zones):
    now = timezone.now()
    group = make_delegation(conference)
    head = make_person(group, given_name="Head", role="head")
    due = now + timedelta(hours=2)
    make_person(group, given_name="Vip", vip=True, arrival_at=due, arrival_by="train")
    unconfirmed = make_person(group, given_name="Not approved", vip=True)
    Accreditation.objects.filter(delegate=unconfirmed).update(state="submitted")
    let_in(head, zones["Venue"], now)

    principals = counted(conference).principals

    assert [(each.name, each.is_head, each.first_in_ms, each.due_ms) for each in principals] == [
        ("Head Zhang", True, ms(now), None),
        ("Vip Zhang", False, None, ms(due)),
    ]
    assert counted(conference).heads_here == 1


def test_the_version_changes_with_the_figures_and_with_nothing_else(conference, phone, lookup):
    now = timezone.now()
    first = counted(conference, now)
    assert counted(conference, now + timedelta(seconds=1)).version == first.version
    phone.scan(lookup)
    assert counted(conference).version != first.version
