"""Deltas: only what is new, nothing left out, and never an error."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkin.models import (
    AttentionText,
    Block,
    Change,
    Device,
    Handling,
    Presence,
    Supervisor,
    ZoneGrant,
)
from checkin.operations import changing
from delegates.models import BadgeClass, CredentialAuthority
from delegates.operations import badging, substituting
from sessions.models import Enrolment, Session
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_person,
)
from tests.checkin.holding import Holding, fresh

# On PostgreSQL a transaction cannot tell its own changes apart; here each has its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference(transactional_db):
    return make_doors(make_conference())


def test_nothing_new_is_not_sent_again(held):
    assert held.poll_for_news() is None
    cursor = held.cursor
    assert held.poll() == {
        "full": False,
        "cursor": cursor,
        "lease_ms": 43_200_000,
        "poll_s": 30,
        "badges": [],
        "gone": [],
        "presence": [],
    }
    assert held.poll_for_news() is None


def test_a_scan_brings_one_row_of_presence_and_no_card(held, lookup, zones):
    held.phone.scan(lookup)
    body = held.poll_for_news()
    assert (body["full"], body["badges"], body["gone"]) == (False, [], [])
    assert [(row["lookup"], row["zone"]) for row in body["presence"]] == [
        (lookup, zones["Venue"].pk)
    ]
    assert "rules" not in body
    assert held.poll_for_news() is None


def test_only_the_changed_person_comes_again(held, delegation, person):
    make_person(delegation, given_name="Other")
    held.poll()
    person.title_en = "Governor"
    person.save()
    assert [row["lookup"] for row in held.poll_for_news()["badges"]] == [lookup_of(person)]
    assert held.contents() == fresh(held.phone)


def test_what_phones_do_not_show_is_no_news(held, person, now):
    person.diet = "vegetarian"
    person.save()
    badging.log_printing(badges=list(person.badges.all()), now=now, actor=None)
    assert held.poll_for_news() is None


def test_a_replaced_badge_comes_as_two_rows_with_the_presence_of_both(held, person, lookup, now):
    held.phone.scan(lookup)
    held.poll()
    badging.replace_badge(delegate=person, reason="lost", now=now)
    body = held.poll_for_news()
    assert [(row["lookup"], row["status"]) for row in body["badges"]] == [
        (lookup, "revoked"),
        (lookup_of(person), "ok"),
    ]
    assert {row["lookup"] for row in body["presence"]} == {lookup, lookup_of(person)}
    assert held.contents() == fresh(held.phone)


def test_a_deleted_badge_is_gone(held, person, lookup):
    held.phone.scan(lookup)
    held.poll()
    Presence.objects.all().delete()
    person.scans.all().delete()
    person.delete()
    body = held.poll_for_news()
    assert (body["badges"], body["gone"]) == ([], [lookup])
    assert held.contents() == fresh(held.phone)


def test_presence_that_no_longer_stands_is_told(held, lookup, zones):
    held.phone.scan(lookup)
    held.poll()
    Presence.objects.all().delete()
    assert held.poll_for_news()["presence"] == [
        {
            "lookup": lookup,
            "zone": zones["Venue"].pk,
            "inside": False,
            "in_ms": None,
            "in_scan": None,
            "gate": None,
            "at_ms": None,
            "at_scan": None,
        }
    ]


def test_an_annulled_entry_leaves_nobody_inside(held, lookup):
    record = held.phone.record(lookup, offline=True, shown="admit")
    held.phone.send(record)
    held.poll()
    held.phone.send(
        held.phone.record(lookup, offline=True, shown="annulled", annuls=record["scan_id"])
    )
    (row,) = held.poll_for_news()["presence"]
    assert (row["inside"], row["at_ms"]) == (False, None)
    assert held.contents() == fresh(held.phone)


def test_rules_come_whole_when_one_of_them_changes(held, delegation, zones):
    delegation.name_en = "Suzhou City"
    delegation.save()
    body = held.poll_for_news()
    assert (body["full"], body["badges"]) == (False, [])
    assert body["rules"]["delegations"][0]["name"]["en"] == "Suzhou City"
    zones["Venue"].resets = [1_700_000_000_000]
    zones["Venue"].save()
    assert held.poll_for_news()["rules"]["zones"][0]["resets"] == [1_700_000_000_000]
    assert held.poll_for_news() is None


def test_a_block_reaches_phones_when_it_begins_and_when_it_ends(held, person, monkeypatch):
    start = timezone.now()
    Block.objects.create(
        delegate=person, since=start + timedelta(hours=1), until=start + timedelta(hours=2)
    )
    statuses = []
    for hours in (0, 1, 2):
        monkeypatch.setattr(
            timezone, "now", lambda hours=hours: start + timedelta(hours=hours, minutes=1)
        )
        body = held.poll_for_news()
        statuses.append([row["status"] for row in body["badges"]])
        assert held.poll_for_news() is None
    assert statuses == [["ok"], ["blocked"], ["ok"]]


def grant(person, hall, now):
    ZoneGrant.objects.create(zone=hall, delegate=person)


def receive(person, hall, now):
    Handling.objects.create(delegate=person, escort=True)


def seat(person, hall, now):
    Enrolment.objects.create(session=hall.session, delegate=person, created_at=now)


def withdraw(person, hall, now):
    substituting.withdraw_member(delegate=person, now=now)


@pytest.mark.parametrize("change", [grant, receive, seat, withdraw])
def test_whatever_changes_a_card_is_news(phone, person, hall, now, change):
    held = Holding(phone)
    held.poll()
    change(person, hall, now)
    assert [row["lookup"] for row in held.poll_for_news()["badges"]] == [
        badge.lookup for badge in person.badges.all()
    ]
    assert held.contents() == fresh(phone)
    assert held.poll_for_news() is None


def test_a_zone_that_opens_to_seats_changes_the_cards_of_those_who_have_one(
    phone, person, delegation, hall, now
):
    make_person(delegation, given_name="Without")
    hall.for_enrolled = False
    hall.save()
    seat(person, hall, now)
    held = Holding(phone)
    held.poll()
    for open_to_seats in (True, False):
        hall.for_enrolled = open_to_seats
        hall.save()
        assert [row["lookup"] for row in held.poll_for_news()["badges"]] == [lookup_of(person)]
        assert held.contents() == fresh(phone)


def test_a_seat_in_a_session_without_a_zone_is_no_news(held, conference, person, now):
    session = Session.objects.create(
        conference=conference, title_en="Panel", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    Enrolment.objects.create(session=session, delegate=person, created_at=now)
    assert held.poll_for_news() is None


def test_an_attention_text_that_is_deleted_leaves_card_and_rules(held, conference, person):
    text = AttentionText.objects.create(conference=conference, text_en="Guest of the mayor")
    Handling.objects.create(delegate=person, attention=text)
    assert held.poll_for_news()["rules"]["texts"]
    text.delete()
    body = held.poll_for_news()
    assert (body["rules"]["texts"], len(body["badges"])) == ({}, 1)
    assert held.contents() == fresh(held.phone)


def test_a_supervisor_who_ends_leaves_the_phones(conference, lookup, now):
    duty = Supervisor.objects.create(
        conference=conference,
        name="Li Na",
        pin_salt="c2FsdA",
        pin_rounds=600_000,
        pin_hash="h" * 43,
        changed_at=now,
    )
    held = Holding(enrolled_phone(conference, capabilities=("scan", "override")))
    held.poll()
    duty.ended_at = now
    duty.save()
    assert held.poll_for_news()["rules"]["supervisors"] == []


@pytest.mark.parametrize("cursor", ["", "nonsense", "0" * 200, "ÄÖ", "\0"])
def test_a_cursor_that_is_none_brings_everything(phone, lookup, cursor):
    assert phone.get("snapshot/", {"cursor": cursor}).json()["full"] is True


def test_a_cursor_of_another_device_brings_everything(held, other_phone):
    assert other_phone.get("snapshot/", {"cursor": held.cursor}).json()["full"] is True


def test_a_cursor_that_was_tampered_with_brings_everything(held):
    swapped = held.cursor[:30] + ("A" if held.cursor[30] != "A" else "B") + held.cursor[31:]
    assert held.phone.get("snapshot/", {"cursor": swapped}).json()["full"] is True


def test_a_cursor_lives_longer_than_a_day_but_not_for_ever(held, monkeypatch):
    real = timezone.now()
    for hours, full in ((25, False), (37, True)):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: real + timedelta(hours=hours))
        body = held.phone.get("snapshot/", {"cursor": held.cursor}).json()
        assert body["full"] is full


def test_marks_are_forgotten_after_every_cursor_that_needs_them(held, person, now):
    person.title_en = "Governor"
    person.save()
    assert changing.forget_changes(now=now + timedelta(hours=47)) == 0
    assert changing.forget_changes(now=now + timedelta(hours=49)) > 0
    assert Change.objects.count() == 0


def test_a_device_that_gets_another_zone_gets_everything(held, zones):
    held.phone.device.zones.set([zones["Venue"]])
    assert held.poll_for_news()["full"] is True


def test_a_class_with_another_number_brings_everything(held, conference):
    BadgeClass.objects.filter(conference=conference, number=1).update(number=9)
    assert held.poll_for_news()["full"] is True
    assert held.poll_for_news() is None


def test_a_new_secret_brings_everything(held, conference):
    CredentialAuthority.objects.filter(conference=conference).update(secret=b"s" * 32)
    assert held.poll_for_news()["full"] is True


def test_more_changes_than_a_delta_is_worth_bring_everything(held, delegation, monkeypatch):
    monkeypatch.setattr(changing, "MOST_MARKS", 2)
    for number in range(3):
        make_person(delegation, given_name=f"Wei {number}")
    assert held.poll_for_news()["full"] is True
    assert held.contents() == fresh(held.phone)


def test_another_conference_is_no_news(held, other_conference):
    make_person(make_delegation(other_conference, "Portland", "波特兰市"))
    assert held.poll_for_news() is None


def test_the_console_sees_the_age_of_the_list_even_if_nothing_changes(held, monkeypatch):
    noted = Device.objects.get(pk=held.phone.device.pk).snapshot_at
    later = noted + timedelta(minutes=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert held.poll_for_news() is None
    assert Device.objects.get(pk=held.phone.device.pk).snapshot_at == later


def test_a_delta_costs_the_same_for_one_and_for_three(held, delegation):
    def queries_after(count):
        for number in range(count):
            held.phone.scan(lookup_of(make_person(delegation, given_name=f"Wei {number}")))
        with CaptureQueriesContext(connection) as captured:
            held.poll_for_news()
        return len(captured)

    assert queries_after(1) == queries_after(3)


def test_all_triggers_stand(db):
    """SQLite drops the triggers of a table that a migration makes anew: it has to make them too."""
    migration = import_module("checkin.migrations.0006_doors_mark_changes")
    wanted = {f"mark_{name}" for name, *_rest in migration.marking()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            wanted |= {"stamp_presence"}
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted |= {"stamp_presence_made", "stamp_presence_changed"}
        assert wanted <= {name for (name,) in cursor.fetchall()}
