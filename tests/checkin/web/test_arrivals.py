"""Arrivals, live."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checkin import live
from checkin.live import sharing, watchers
from checkin.models import Conflict
from conference.models import Membership, User
from tests.checkin.conftest import lookup_of, make_member, make_person
from tests.support.patience import wait_until

HTMX = {"HX-Request": "true"}


@pytest.fixture
def long_second(monkeypatch):
    """Let what is trusted for a second last a minute: a busy machine may be that slow."""
    monkeypatch.setattr(sharing, "FRESH_MS", 60_000)
    monkeypatch.setattr(sharing, "STANDS_IN_MS", 120_000)
    monkeypatch.setattr(watchers, "_TRUSTED_S", 60)
    monkeypatch.setattr(watchers, "_KEPT_S", 60)


def count_anew():
    """Forget the last count, as a second later."""
    cache.clear()
    sharing.forget()


def page(client, conference, query="", **headers):
    return client.get(reverse("checkin:arrivals", args=[conference.slug]) + query, headers=headers)


def test_an_arrival_is_seen_with_name_and_gate(as_organiser, conference, phone, person, lookup):
    assert "Nobody has been scanned in yet" in page(as_organiser, conference).content.decode()
    phone.scan(lookup)
    count_anew()

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
    count_anew()
    changed = page(as_organiser, conference, **HTMX | {"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


@pytest.mark.usefixtures("long_second")
def test_all_watchers_together_cost_one_count(as_organiser, conference, lookup):
    page(as_organiser, conference, **HTMX)
    with CaptureQueriesContext(connection) as captured:
        for _ in range(5):
            page(as_organiser, conference, **HTMX)
    # Session, user and role of each watcher, and no count.
    assert len(captured) == 5 * 3


@pytest.mark.usefixtures("long_second")
def test_who_watches_by_a_ticket_costs_the_database_nothing(as_organiser, conference):
    first = page(as_organiser, conference, **HTMX)
    by_ticket = {"Watch-Ticket": first["Watch-Ticket"], "If-None-Match": first["ETag"]}
    with CaptureQueriesContext(connection) as captured:
        page(Client(), conference, **HTMX | by_ticket)
    # The roles of all, once a second.
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        answer = page(Client(), conference, **HTMX | by_ticket)
    assert (answer.status_code, len(captured)) == (304, 0)
    assert answer["Figures-Age"].isdecimal()


@pytest.mark.parametrize("lost", ["taken", "changed", "account closed"])
def test_whoever_loses_the_role_sees_nothing_at_the_next_look(
    client, conference, lost, django_capture_on_commit_callbacks
):
    officer = make_member(conference, "protocol")
    client.force_login(officer)
    ticket = {"Watch-Ticket": page(client, conference, **HTMX)["Watch-Ticket"]}
    assert page(Client(), conference, **HTMX | ticket).status_code == 200
    membership = Membership.objects.get(user=officer)
    with django_capture_on_commit_callbacks(execute=True):
        if lost == "taken":
            membership.delete()
        elif lost == "changed":
            membership.role = "desk"
            membership.save()
        else:
            User.objects.filter(pk=officer.pk).update(is_active=False)
    left = wait_until(
        lambda: page(Client(), conference, **HTMX | ticket).status_code == 302, seconds=5
    )
    assert left


def test_whoever_signs_out_and_leaves_the_page_open_sees_nothing_at_the_next_look(
    client, conference
):
    colleague = Client()
    colleague.force_login(make_member(conference, "viewer"))
    client.force_login(make_member(conference, "protocol"))
    mine, other = (
        {"Watch-Ticket": page(each, conference, **HTMX)["Watch-Ticket"]}
        for each in (client, colleague)
    )
    client.post(reverse("account_logout"))
    left = wait_until(
        lambda: page(Client(), conference, **HTMX | mine).status_code == 302, seconds=5
    )
    assert left
    assert page(client, conference, **HTMX).status_code == 302
    assert page(Client(), conference, **HTMX | other).status_code == 200


def test_signing_out_in_one_browser_leaves_the_other_its_board(client, conference):
    officer = make_member(conference, "protocol")
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(officer)
    ticket = {"Watch-Ticket": page(elsewhere, conference, **HTMX)["Watch-Ticket"]}
    client.post(reverse("account_logout"))
    assert wait_until(
        lambda: page(Client(), conference, **HTMX | ticket).status_code == 302, seconds=5
    )
    with time_machine.travel(timezone.now() + timedelta(seconds=3)):
        anew = {"Watch-Ticket": page(elsewhere, conference, **HTMX)["Watch-Ticket"]}
        assert page(Client(), conference, **HTMX | anew).status_code == 200


@pytest.mark.usefixtures("long_second")
def test_who_has_signed_out_is_read_for_all_watchers_at_once(conference, monkeypatch):
    asked = []
    get_many = cache.get_many
    monkeypatch.setattr(cache, "get_many", lambda keys: asked.append(keys) or get_many(keys))
    tickets = []
    for role in ("viewer", "desk", "protocol"):
        browser = Client()
        browser.force_login(make_member(conference, role))
        tickets.append({"Watch-Ticket": page(browser, conference, **HTMX)["Watch-Ticket"]})
    with CaptureQueriesContext(connection) as captured:
        for ticket in tickets:
            assert page(Client(), conference, **HTMX | ticket).status_code == 200
    # Once a second, with the roles.
    assert sum("membership" in query["sql"] for query in captured) == 1
    assert [len(keys) for keys in asked] == [3]


@pytest.mark.parametrize("change", ["expired", "forged", "of another conference"])
def test_a_ticket_that_does_not_hold_opens_nothing(
    as_organiser, conference, other_conference, change
):
    ticket = page(as_organiser, conference, **HTMX)["Watch-Ticket"]
    at = other_conference if change == "of another conference" else conference
    later = timezone.now() + timedelta(seconds=31 if change == "expired" else 0)
    if change == "forged":
        ticket = "x" + ticket
    with time_machine.travel(later):
        answer = page(Client(), at, **HTMX | {"Watch-Ticket": ticket})
    assert answer.status_code == 302


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


def test_a_conflict_is_shown_in_words_and_leads_to_where_it_is_settled(
    as_organiser, conference, clash
):
    shown = page(as_organiser, conference).content.decode()
    assert "let in twice without an exit between" in shown.lower()
    assert reverse("checkin:conflict_detail", args=[conference.slug, clash.pk]) in shown

    Conflict.objects.update(state=Conflict.State.SETTLED)
    count_anew()
    assert "Conflicts to settle" not in page(as_organiser, conference).content.decode()


def test_a_viewer_sees_conflicts_and_no_way_to_settle_them(client, conference, clash):
    client.force_login(make_member(conference, "viewer"))
    shown = page(client, conference).content.decode()
    assert "Conflicts to settle" in shown
    assert reverse("checkin:conflict_detail", args=[conference.slug, clash.pk]) not in shown
