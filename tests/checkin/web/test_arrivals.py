"""Arrivals, live."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checkin import live
from checkin.models import Conflict, Presence
from conference.models import AuditEntry
from tests.checkin.conftest import lookup_of, make_member, make_person

HTMX = {"HX-Request": "true"}


def page(client, conference, query="", **headers):
    return client.get(reverse("checkin:arrivals", args=[conference.slug]) + query, headers=headers)


def test_an_arrival_is_seen_with_name_and_gate(as_organiser, conference, phone, person, lookup):
    assert "Nobody has been scanned in yet" in page(as_organiser, conference).content.decode()
    phone.scan(lookup)
    cache.clear()

    shown = page(as_organiser, conference, **HTMX).content.decode()

    assert "Wei Zhang" in shown
    assert "张伟" in shown
    assert "North door" in shown
    assert "<html" not in shown


def test_what_has_not_changed_is_not_sent_again(as_organiser, conference, phone, lookup):
    first = page(as_organiser, conference, **HTMX)
    again = page(as_organiser, conference, **HTMX | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    phone.scan(lookup)
    cache.clear()
    changed = page(as_organiser, conference, **HTMX | {"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_a_count_is_shared_for_a_second_and_no_longer(conference, phone, lookup, now):
    first = live.snapshot(conference, now=now)
    phone.scan(lookup)
    assert live.snapshot(conference, now=now + timedelta(milliseconds=900)) == first
    assert live.snapshot(conference, now=now + timedelta(milliseconds=1000)).arrived == 1


def test_while_somebody_counts_the_others_see_the_last_count(conference, now):
    first = live.snapshot(conference, now=now)
    cache.set(f"checkin:live:{conference.pk}:counting", 1)
    later = now + timedelta(seconds=2)
    with CaptureQueriesContext(connection) as captured:
        assert live.snapshot(conference, now=later) is not None
    assert len(captured) == 0
    assert live.snapshot(conference, now=later) == first


def test_all_watchers_together_cost_one_count(as_organiser, conference, lookup):
    page(as_organiser, conference, **HTMX)
    with CaptureQueriesContext(connection) as captured:
        for _ in range(5):
            page(as_organiser, conference, **HTMX)
    # Session, user and role of each watcher, and no count.
    assert len(captured) == 5 * 3


def test_a_count_costs_the_same_with_one_and_with_three(conference, delegation, phone, lookup):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            live.count(conference, now_ms=round(timezone.now().timestamp() * 1000))
        return len(captured)

    phone.scan(lookup)
    with_one = queries()
    for number in range(2):
        phone.scan(lookup_of(make_person(delegation, given_name=f"Wei {number}")))
    assert queries() == with_one


def test_hours_are_those_of_the_venue(conference, delegation, zones):
    for hour, minute in ((0, 10), (0, 50), (2, 0)):  # 08:10, 08:50 and 10:00 in Suzhou
        at = datetime(2023, 11, 3, hour, minute, tzinfo=UTC).timestamp() * 1000
        Presence.objects.create(
            conference=conference,
            delegate=make_person(delegation, given_name=f"At {hour}:{minute}"),
            zone=zones["Venue"],
            entries=1,
            first_in_ms=at,
        )
    counted = live.count(conference, now_ms=0).hours(conference)
    assert [(at.strftime("%d %H:%M"), count) for at, count in counted] == [
        ("03 08:00", 2),
        ("03 09:00", 0),
        ("03 10:00", 1),
    ]


@pytest.mark.parametrize("wall_ms", [0, 253_402_300_799_999, 2**53 - 1])
def test_a_phone_whose_clock_is_out_of_its_mind_stops_no_page(
    as_organiser, conference, phone, lookup, wall_ms
):
    phone.send(phone.record(lookup, offline=True, shown="admit", wall_ms=wall_ms, anchor=None))
    for name in ("checkin:arrivals", "checkin:overview"):
        page = as_organiser.get(reverse(name, args=[conference.slug]))
        assert page.status_code == 200
        assert "Wei Zhang" in page.content.decode()


def test_a_person_in_two_zones_arrives_once(conference, phone, lookup, zones):
    phone.scan(lookup)
    phone.scan(lookup, zone=zones["Hall"].pk)
    counted = live.count(conference, now_ms=round(timezone.now().timestamp() * 1000))
    assert (counted.arrived, len(counted.last), sum(n for _, n in counted.quarters)) == (1, 1, 1)


def test_after_a_reset_nobody_is_inside_any_more(conference, phone, lookup, zones):
    phone.scan(lookup)
    later = round(timezone.now().timestamp() * 1000) + 60_000
    zones["Venue"].resets = [later]
    zones["Venue"].save()
    assert live.count(conference, now_ms=later - 1).inside == 1
    assert live.count(conference, now_ms=later).inside == 0


@pytest.mark.parametrize("role", ["viewer", "desk", "programme", "protocol"])
def test_all_staff_may_watch(client, conference, role):
    client.force_login(make_member(conference, role))
    assert page(client, conference).status_code == 200
    assert page(client, conference, "?brief", **HTMX).status_code == 200


def test_strangers_may_not(as_organiser, other_conference):
    assert page(as_organiser, other_conference).status_code == 404


@pytest.fixture
def clash(phone, other_phone, lookup):
    first = phone.record(lookup, offline=True, shown="admit")
    second = other_phone.record(
        lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000
    )
    phone.send(first)
    other_phone.send(second)
    return Conflict.objects.get()


def test_a_conflict_is_shown_in_words_and_settled_by_a_person(as_organiser, conference, clash):
    assert "let in twice without an exit between" in page(as_organiser, conference).content.decode()

    settle = reverse("checkin:conflict_settle", args=[conference.slug, clash.pk])
    assert as_organiser.get(settle).status_code == 405
    assert as_organiser.post(settle).status_code == 302
    as_organiser.post(settle)

    clash.refresh_from_db()
    assert (clash.state, str(clash.settled_by)) == ("settled", "Olga Organiser")
    assert AuditEntry.objects.filter(action="conflict.settle").count() == 1
    cache.clear()
    assert "Conflicts to settle" not in page(as_organiser, conference).content.decode()


def test_a_viewer_sees_conflicts_but_settles_none(client, conference, clash):
    client.force_login(make_member(conference, "viewer"))
    assert "Settled" not in page(client, conference).content.decode()
    settle = reverse("checkin:conflict_settle", args=[conference.slug, clash.pk])
    assert client.post(settle).status_code == 404


def test_conflicts_of_another_conference_do_not_exist(client, other_conference, clash):
    client.force_login(make_member(other_conference, "organiser"))
    settle = reverse("checkin:conflict_settle", args=[other_conference.slug, clash.pk])
    assert client.post(settle).status_code == 404
