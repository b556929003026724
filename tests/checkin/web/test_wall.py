"""The wall screen, and the links by which a television shows it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checkin.models import WallLink
from conference.models import AuditEntry, Membership, User
from tests.checkin.conftest import lookup_of, make_delegation, make_member, make_person
from tests.checkin.web.test_arrivals import HTMX, count_anew


def wall_of(client, conference, query="", **headers):
    return client.get(reverse("checkin:wall", args=[conference.slug]) + query, headers=headers)


def make_link(client, conference, **fields):
    answer = client.post(
        reverse("checkin:wall_links", args=[conference.slug]),
        {"name": "Foyer", "days": 3} | fields,
    )
    return re.search(r"/wall/([\w-]{32})/", answer.content.decode())[1]


def look(token, **headers):
    return Client().get(reverse("checkin:wall_by_link", args=[token]), headers=headers)


@pytest.fixture
def guests(conference, phone):
    mayor = make_person(
        make_delegation(conference),
        given_name="Mei",
        native_name="李梅",
        vip=True,
        role="head",
        title_en="Mayor",
    )
    phone.scan(lookup_of(mayor))
    phone.scan(lookup_of(make_person(mayor.delegation, given_name="Private")))
    count_anew()


def test_the_wall_shows_figures_in_both_languages_and_names_nobody(
    as_organiser, conference, guests
):
    shown = wall_of(as_organiser, conference).content.decode()
    assert re.search(r'class="wall__arrived[^>]*>2<', shown)
    for text in ("Suzhou", "苏州市", "Sister Cities Conference", "友好城市大会"):
        assert text in shown
    for private in ("Mei", "李梅", "Private", "Mayor"):
        assert private not in shown


def test_vips_are_named_only_where_somebody_has_switched_it_on(as_organiser, conference, guests):
    shown = wall_of(as_organiser, conference, "?vips=1").content.decode()
    assert "Mei" in shown
    assert "李梅" in shown
    assert "Private" not in shown


def test_one_panel_can_stay(as_organiser, conference, guests):
    assert wall_of(as_organiser, conference).content.count(b"data-panel>") > 1
    assert wall_of(as_organiser, conference, "?panel=hours").content.count(b"data-panel>") == 1


@pytest.mark.parametrize("role", ["viewer", "desk", "programme", "protocol"])
def test_all_staff_may_see_the_wall(client, conference, role):
    client.force_login(make_member(conference, role))
    assert wall_of(client, conference).status_code == 200


def test_a_link_shows_the_wall_without_signing_in(as_organiser, conference, guests):
    token = make_link(as_organiser, conference)
    answer = look(token)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Suzhou" in shown
    assert "Mei" not in shown
    assert "/organise/" not in shown
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_link_names_vips_if_it_was_made_so(as_organiser, conference, guests):
    assert b"Mei" in look(make_link(as_organiser, conference, names_vips="on")).content


def test_the_address_of_a_link_cannot_switch_names_on(as_organiser, conference, guests):
    token = make_link(as_organiser, conference)
    address = reverse("checkin:wall_by_link", args=[token])
    assert b"Mei" not in Client().get(address + "?vips=1").content


def test_a_screen_that_asks_again_costs_one_query(as_organiser, conference):
    token = make_link(as_organiser, conference)
    first = look(token, **HTMX)
    with CaptureQueriesContext(connection) as captured:
        again = look(token, **HTMX | {"If-None-Match": first["ETag"]})
    assert (again.status_code, len(captured)) == (304, 1)


def test_only_the_hash_of_a_link_is_kept(as_organiser, conference):
    token = make_link(as_organiser, conference)
    row = WallLink.objects.get()
    assert token not in str(WallLink.objects.values().get())
    assert row.token_hash == WallLink.hash_of(token)
    page = as_organiser.get(reverse("checkin:wall_links", args=[conference.slug]))
    assert token not in page.content.decode()


def test_a_revoked_link_opens_nothing(as_organiser, conference):
    token = make_link(as_organiser, conference)
    revoke = reverse("checkin:wall_link_revoke", args=[conference.slug, WallLink.objects.get().pk])
    assert as_organiser.get(revoke).status_code == 405
    for _ in range(2):
        assert as_organiser.post(revoke).status_code == 302
    assert look(token).status_code == 404
    assert look(token, **HTMX).status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="wall_link").order_by("pk")
    assert [entry.action for entry in actions] == ["wall_link.create", "wall_link.revoke"]


def test_an_expired_link_opens_nothing(as_organiser, conference):
    token = make_link(as_organiser, conference, days=1)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert look(token).status_code == 404


def test_an_unknown_link_opens_nothing(db):
    assert look("x" * 32).status_code == 404


def test_a_link_shows_its_own_conference_only(as_organiser, conference, other_conference, guests):
    make_person(make_delegation(other_conference, "Tacoma", "塔科马市"))
    assert b"Tacoma" not in look(make_link(as_organiser, conference)).content


def test_a_link_without_a_name_is_not_made(as_organiser, conference):
    answer = as_organiser.post(
        reverse("checkin:wall_links", args=[conference.slug]), {"name": " ", "days": 3}
    )
    assert (answer.status_code, WallLink.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", ["viewer", "desk", "programme"])
def test_others_make_no_links(client, conference, role):
    client.force_login(make_member(conference, role))
    assert client.get(reverse("checkin:wall_links", args=[conference.slug])).status_code == 404


def test_a_link_of_another_conference_cannot_be_revoked(
    client, as_organiser, conference, other_conference
):
    token = make_link(as_organiser, conference)
    someone = User.objects.create_user("else@example.org", name="Else")
    Membership.objects.create(conference=other_conference, user=someone, role="organiser")
    client.force_login(someone)
    link = WallLink.objects.get()
    revoke = reverse("checkin:wall_link_revoke", args=[other_conference.slug, link.pk])
    assert client.post(revoke).status_code == 404
    assert look(token).status_code == 200
