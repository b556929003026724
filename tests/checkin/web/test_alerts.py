"""Alerts on duty: what waits first, seen by whom, live."""

from datetime import timedelta

import pytest
from django.urls import reverse

from checkin.models import Alert
from conference.models import AuditEntry
from tests.checkin.conftest import lookup_of, make_member, make_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def page(client, conference, query="", **headers):
    return client.get(reverse("checkin:alerts", args=[conference.slug]) + query, headers=headers)


def make_alert(conference, kind="silent_gate", number=0, *, now, **fields):
    given = {"params": {"phones": 2}, "gate": conference.gates.first()}
    return Alert.objects.create(
        conference=conference,
        kind=kind,
        key=f"{kind}:{number}",
        **({"happened_at": now, "raised_at": now} | given | fields),
    )


@pytest.fixture
def vip(delegation, phone):
    person = make_person(
        delegation, given_name="Vera", family_name="Ames", native_name="艾薇拉", vip=True
    )
    phone.scan(lookup_of(person))
    return person


def test_an_empty_page_says_what_it_is_for(as_organiser, conference):
    assert "Everything has been seen" in page(as_organiser, conference).content.decode()


def test_a_person_is_named_with_the_delegation_in_both_scripts(as_organiser, conference, vip):
    shown = page(as_organiser, conference).content.decode()
    for words in ("VIP has arrived", "Vera Ames", "艾薇拉", "Suzhou", "苏州市", "North door"):
        assert words in shown


def test_what_waits_comes_first_then_what_lasts(as_organiser, conference, organiser, now):
    seen = {"seen_at": now, "seen_by": organiser}
    over = make_alert(conference, number=1, now=now, ended_at=now, **seen)
    lasting = make_alert(conference, number=2, now=now - timedelta(hours=1), **seen)
    waiting = make_alert(conference, number=3, now=now - timedelta(hours=2))
    rows = page(as_organiser, conference, "?show=all").context["rows"]
    assert [row.alert for row in rows] == [waiting, lasting, over]
    rows = page(as_organiser, conference, "?show=lasting").context["rows"]
    assert [row.alert for row in rows] == [waiting, lasting]


@pytest.mark.parametrize("role", ["organiser", "desk", "protocol"])
def test_an_alert_leads_where_something_can_be_done_if_one_may_go_there(
    client, conference, phone, role, now
):
    make_alert(conference, "silent_gate", now=now)
    gap = {"scans": 1, "first": 2, "last": 2}
    make_alert(conference, "seq_gap", now=now, device=phone.device, params=gap)
    make_alert(conference, "recount", now=now, params={"differences": 1})
    client.force_login(make_member(conference, role))
    shown = page(client, conference)
    urls = {row.alert.kind: row.url for row in shown.context["rows"]}
    if role == "protocol":
        assert set(urls.values()) == {""}
        assert reverse("checkin:recounts", args=[conference.slug]) not in shown.content.decode()
        return
    assert urls["silent_gate"] == reverse("checkin:device_list", args=[conference.slug])
    assert urls["seq_gap"] == reverse(
        "checkin:device_detail", args=[conference.slug, phone.device.pk]
    )
    assert [client.get(url).status_code for url in urls.values()] == [200, 200, 200]


def test_filters_are_in_the_address_and_nonsense_is_none(as_organiser, conference, vip, now):
    make_alert(conference, now=now)
    shown = page(as_organiser, conference, "?kind=silent_gate").context
    assert [row.alert.kind for row in shown["rows"]] == ["silent_gate"]
    assert len(page(as_organiser, conference, "?kind=nonsense&show=x").context["rows"]) == 2


def test_what_has_not_changed_is_not_sent_again(as_organiser, conference, now):
    alert = make_alert(conference, now=now)
    first = page(as_organiser, conference, **HTMX)
    assert "<html" not in first.content.decode()
    again = page(as_organiser, conference, **HTMX | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    Alert.objects.filter(pk=alert.pk).update(ended_at=now)
    changed = page(as_organiser, conference, **HTMX | {"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "Over since" in changed.content.decode()


def test_a_poll_costs_the_same_with_one_and_with_three(
    as_organiser, conference, now, django_assert_num_queries
):
    make_alert(conference, now=now)
    # Session, user, role; counts by state and by kind, the number of pages, the page.
    with django_assert_num_queries(7):
        page(as_organiser, conference, **HTMX)
    for number in (1, 2):
        make_alert(conference, number=number, now=now)
    with django_assert_num_queries(7):
        page(as_organiser, conference, **HTMX)


@pytest.mark.usefixtures("vip")
def test_seen_is_noted_once_with_the_name_of_who_saw_it_first(
    as_organiser, client, conference, organiser, now
):
    other = make_alert(conference, now=now)
    alert = Alert.objects.get(kind="vip_arrival")
    address = reverse("checkin:alerts_seen", args=[conference.slug])
    back = reverse("checkin:alerts", args=[conference.slug]) + "?kind=vip_arrival"
    answer = as_organiser.post(address, {"alert": [alert.pk], "back": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    alert.refresh_from_db()
    assert (alert.seen_by, other.seen_at) == (organiser, None)

    client.force_login(make_member(conference, "desk"))
    client.post(address, {"alert": [alert.pk]})
    alert.refresh_from_db()
    assert alert.seen_by == organiser
    assert AuditEntry.objects.filter(action="alert.seen").count() == 1
    assert "Seen by Olga Organiser" in page(client, conference, "?show=all").content.decode()


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 40, "²"])
def test_odd_numbers_of_alerts_are_nobodys(as_organiser, conference, asked):
    address = reverse("checkin:alerts_seen", args=[conference.slug])
    assert as_organiser.post(address, {"alert": asked}).status_code == 302


def test_the_way_back_leads_nowhere_else(as_organiser, conference):
    address = reverse("checkin:alerts_seen", args=[conference.slug])
    here = reverse("checkin:alerts", args=[conference.slug])
    for back in ("https://example.org/", "//example.org", "/organise/other/"):
        assert as_organiser.post(address, {"back": back})["Location"] == here


def test_alerts_of_another_conference_are_not_to_be_seen(
    as_organiser, conference, other_conference, now
):
    foreign = make_alert(other_conference, now=now)
    address = reverse("checkin:alerts_seen", args=[conference.slug])
    as_organiser.post(address, {"alert": [foreign.pk]})
    foreign.refresh_from_db()
    assert foreign.seen_at is None


@pytest.mark.parametrize("role", ["viewer", "programme"])
def test_who_is_not_on_duty_sees_no_alerts(client, conference, role):
    client.force_login(make_member(conference, role))
    assert page(client, conference).status_code == 404


def test_the_navigation_tells_how_many_were_not_seen(as_organiser, conference, now):
    make_alert(conference, now=now)
    items = [
        item
        for section in page(as_organiser, conference).context["nav"]
        for item in section["items"]
    ]
    assert {item["label"]: item["count"] for item in items}["Alerts"] == 1
