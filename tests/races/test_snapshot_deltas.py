"""Deltas never skip what was written in transactions that end in another order than they began."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from checkin.models import ZoneGrant
from checkin.operations import merging
from checkin.operations.changing import changes_since, present_position
from delegates.models import Delegate
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

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@contextmanager
def open_transaction(work):
    """Do ``work`` in another thread's transaction, which commits when the block ends."""
    done, may_commit, faults = threading.Event(), threading.Event(), []

    def run():
        try:
            with transaction.atomic():
                work()
                done.set()
                may_commit.wait(30)
        except Exception as fault:  # noqa: BLE001 (told below, in the test's own thread)
            faults.append(fault)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    done.wait(30)
    yield
    may_commit.set()
    thread.join(30)
    assert faults == []


def rename(person, name):
    Delegate.objects.filter(pk=person.pk).update(title_en=name)


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def people(doors):
    delegation = make_delegation(doors)
    return [make_person(delegation, given_name=f"Wei {number}") for number in range(3)]


@pytest.fixture
def held(doors, people):
    held = Holding(enrolled_phone(doors))
    held.poll()
    return held


def lookups(body):
    return [row["lookup"] for row in body["badges"]] if body else None


def test_a_position_from_within_a_transaction_has_not_seen_what_it_goes_on_to_write(doors, people):
    early, late, other = people
    now = timezone.now()
    with transaction.atomic():
        rename(early, "Governor")
        with open_transaction(lambda: rename(other, "Mayor")):
            pass  # begun later and ended: no snapshot calls the first one running
        position = present_position()
        rename(late, "Consul")
    changes = changes_since(doors, position, then=now, now=now)
    assert changes.delegates == {early.pk, late.pk}


def test_what_began_before_a_delta_and_ended_after_it_comes_with_the_next(held, people):
    early, late, _ = people
    with open_transaction(lambda: rename(early, "Governor")):
        rename(late, "Mayor")  # began later, ends first
        assert lookups(held.poll_for_news()) == [lookup_of(late)]
        # What is known already is not repeated, though the older one still runs.
        assert held.poll_for_news() is None
    assert lookups(held.poll_for_news()) == [lookup_of(early)]
    assert held.contents() == fresh(held.phone)
    assert held.poll_for_news() is None


def test_what_a_whole_snapshot_could_not_see_comes_with_the_next_delta(doors, people):
    held = Holding(enrolled_phone(doors))
    with open_transaction(lambda: rename(people[0], "Governor")):
        assert held.poll()["full"] is True
    assert lookups(held.poll_for_news()) == [lookup_of(people[0])]
    assert held.contents() == fresh(held.phone)


def test_presence_that_is_committed_late_comes_with_the_next_delta(held, people):
    other = enrolled_phone(people[0].conference, "South door")
    told = other.record(lookup_of(people[0]), offline=True, shown="admit")

    def upload():
        merging.store_scans(device=other.device, records=[told], now=timezone.now())

    with open_transaction(upload):
        held.phone.scan(lookup_of(people[1]))
        assert len(held.poll_for_news()["presence"]) == 1
    assert [row["lookup"] for row in held.poll_for_news()["presence"]] == [lookup_of(people[0])]
    assert held.contents() == fresh(held.phone)


def test_more_open_transactions_than_a_cursor_holds_make_it_repeat_not_skip(
    held, people, monkeypatch
):
    monkeypatch.setattr("checkin.operations.cursors._MOST_RUNNING", 1)
    with (
        open_transaction(lambda: rename(people[0], "Governor")),
        open_transaction(lambda: rename(people[1], "Minister")),
    ):
        rename(people[2], "Mayor")
        # Others may be writing on this server too: then even more is repeated.
        for _again in range(2):
            assert lookup_of(people[2]) in lookups(held.poll_for_news())
    assert {lookup_of(person) for person in people} == set(lookups(held.poll_for_news()))
    assert held.contents() == fresh(held.phone)


@pytest.mark.parametrize("zone_first", [True, False])
def test_a_seat_and_its_zones_rule_that_do_not_see_each_other_both_count(
    held, doors, people, zone_first
):
    now = timezone.now()
    session = Session.objects.create(
        conference=doors,
        title_en="Plenary",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    hall = doors.zones.get(name_en="Hall")

    def open_to_seats():
        hall.session, hall.for_enrolled = session, True
        hall.save()

    def take_seat():
        Enrolment.objects.create(session=session, delegate=people[0], created_at=now)

    first, second = (open_to_seats, take_seat) if zone_first else (take_seat, open_to_seats)
    with open_transaction(first):
        with open_transaction(second):
            held.poll_for_news()
        held.poll_for_news()
    held.poll_for_news()
    assert held.contents() == fresh(held.phone)
    assert ZoneGrant.objects.count() == 0


def test_many_writers_and_a_phone_that_never_stops_asking(held, people):
    """Writers keep their transactions open for odd times; in the end nothing is missing."""
    stop = threading.Event()

    def write(number):
        try:
            for step in range(12):
                with transaction.atomic():
                    rename(people[number], f"Title {number}.{step}")
                    stop.wait(0.005 * ((step * 7 + number * 3) % 5))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        held.poll_for_news()
        stop.wait(0.02)
    for writer in writers:
        writer.join()
    held.poll_for_news()
    assert held.contents() == fresh(held.phone)
    assert held.poll_for_news() is None
