"""Thousands of people: decided and written in seconds, in as many statements as portions."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.models import Message, MessageStep
from delegates.models import Accreditation, Delegate, Delegation
from sessions.models import Enrolment, Reminder, Session
from sessions.operations.reminders import sweep
from tests.sessions import cast
from tests.sessions.operations.reminders.world import make_rule
from tests.support.turns import IN_FULL

PEOPLE = 5000 if IN_FULL else 2000


def crowd(conference, session, count):
    """So many delegates with seats, in two languages."""
    cast.make_delegate(conference, "First", "Guest", state="")
    delegation = Delegation.objects.get(conference=conference)
    people = Delegate.objects.bulk_create(
        Delegate(
            conference=conference,
            delegation=delegation,
            given_name=f"Guest {number}",
            email=f"guest{number}@example.org",
            language=("en", "zh-hans")[number % 2],
        )
        for number in range(count)
    )
    badge_class = conference.badge_classes.get(code="delegate")
    Accreditation.objects.bulk_create(
        Accreditation(delegate=one, badge_class=badge_class, state="approved", decided_at=cast.NOW)
        for one in people
    )
    Enrolment.objects.bulk_create(
        Enrolment(session=session, delegate=one, created_at=cast.NOW) for one in people
    )
    Session.objects.filter(pk=session.pk).update(seats_taken=count)


@pytest.mark.slow
def test_thousands_are_reminded_in_seconds(conference):
    make_rule(conference, minutes=30)
    session = cast.make_session(conference)
    crowd(conference, session, PEOPLE)
    due = cast.venue_time(13, 30)

    began = time.process_time()
    sweep(now=due - timedelta(hours=3))
    planned = time.process_time()
    with CaptureQueriesContext(connection) as asked:
        done = sweep(now=due)
    written = time.process_time()
    sweep(now=due + timedelta(minutes=1))
    looked = time.process_time()

    print(
        f"\n{PEOPLE} people: decided in {planned - began:.1f} s, written in "
        f"{written - planned:.1f} s with {len(asked)} statements, next look {looked - written:.2f} s"
    )
    assert (done.queued, done.letters, done.missed) == (PEOPLE, PEOPLE, 0)
    assert Message.objects.filter(state="queued").count() == PEOPLE
    assert MessageStep.objects.filter(kind="queued").count() == PEOPLE
    assert not Reminder.objects.planned().exists()
    assert len(asked) <= PEOPLE // 1000 * 80
    assert planned - began < 20
    assert written - planned < 60
    assert looked - written < 3
