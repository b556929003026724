"""Fifty who watch cost the database no more than one: on the real web server, and query by query."""

import http.client
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkin.models import Device
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)

WATCHERS = 50
SECONDS = 4
EVERY_S = 0.5


@pytest.fixture
def place(transactional_db):
    """A conference whose doors are busy, its organiser, a phone, and badges that come in."""
    conference = make_doors(make_conference())
    organiser = make_member(conference, "organiser")
    phone = enrolled_phone(conference)
    group = make_delegation(conference)
    lookups = [lookup_of(make_person(group, given_name=str(number))) for number in range(20)]
    Device.objects.update(last_seen_at=timezone.now())
    return conference, organiser, phone, lookups


class Watcher(threading.Thread):
    """A page that asks for the board by its ticket and its ETag, for some seconds."""

    def __init__(self, server, path, headers):
        super().__init__()
        self._address, self._path = urlsplit(server), path
        self._headers = dict(headers)
        self.answers = Counter()
        self.counted = set()

    def run(self):
        line = http.client.HTTPConnection(self._address.hostname, self._address.port, timeout=20)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            line.request("GET", self._path, headers=self._headers)
            answer = line.getresponse()
            answer.read()
            self.answers[answer.status] += 1
            self._headers["If-None-Match"] = answer.headers.get("ETag", "")
            self.counted.add(answer.headers.get("Figures-As-Of"))
            time.sleep(EVERY_S)
        line.close()


def watch(server, conference, organiser, number):
    """Let so many watch, and return them when they are done."""
    path = reverse("checkin:arrivals", args=[conference.slug])
    client = Client()
    client.force_login(organiser)
    asked = {"HX-Request": "true"}
    ticket = client.get(path, headers=asked)["Watch-Ticket"]
    watchers = [Watcher(server, path, asked | {"Watch-Ticket": ticket}) for _ in range(number)]
    for watcher in watchers:
        watcher.start()
    return watchers


def scans_meanwhile(phone, lookups):
    """Let somebody in five times a second while others watch."""
    for lookup in lookups:
        phone.scan(lookup)
        time.sleep(SECONDS / len(lookups) / 2)


@pytest.fixture
def statements():
    """Every statement that a connection opened from now on makes, from whatever thread."""
    seen = []

    def watch_connection(connection, **_kwargs):
        def note(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(note)

    connection_created.connect(watch_connection)
    yield seen
    connection_created.disconnect(watch_connection)


def test_query_by_query_fifty_cost_what_one_costs(live_server, place, statements):
    conference, organiser, _phone, _lookups = place
    cost, lasted = {}, {}
    for number in (1, WATCHERS):
        statements.clear()
        began = time.monotonic()
        watchers = watch(live_server.url, conference, organiser, number)
        for watcher in watchers:
            watcher.join()
        lasted[number] = time.monotonic() - began
        cost[number] = Counter("WITH here AS" in sql for sql in statements)
        answered = sum((watcher.answers for watcher in watchers), Counter())
        assert set(answered) <= {200, 304}
        assert sum(answered.values()) >= number
    # One set of queries a second, and in each as many statements, however many watch.
    assert cost[WATCHERS][True] <= lasted[WATCHERS] + 2
    each = {number: cost[number].total() / cost[number][True] for number in cost}
    assert each[WATCHERS] <= each[1] * 1.5
    connection.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_web_processes_count_once_a_second_together(web_server, place):
    conference, organiser, phone, lookups = place
    began = time.monotonic()
    watchers = watch(web_server.url, conference, organiser, WATCHERS)
    scans_meanwhile(phone, lookups)
    for watcher in watchers:
        watcher.join()
    answered = sum((watcher.answers for watcher in watchers), Counter())
    assert set(answered) <= {200, 304}
    # Each count has an instant of its own, and whoever made one shows it.
    counted = set().union(*(watcher.counted for watcher in watchers))
    assert 2 <= len(counted) <= time.monotonic() - began + 3
