"""Many beats look for reminders at the same time: each is made once, and digests stay whole."""

from datetime import timedelta

import pytest

from conference.models import Message
from sessions.models import Reminder
from sessions.operations import enrolling, reminders, scheduling
from tests.sessions import cast
from tests.sessions.operations.reminders.world import deliver_all, make_rule
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BEATS = 6
PEOPLE = 40


@pytest.fixture
def world():
    """Two sessions half an hour apart; everybody has a seat in both."""
    conference = cast.make_conference()
    make_rule(conference, minutes=60)
    sessions = [
        cast.make_session(conference, cast.venue_time(14, minute), minutes=20, title_en=title)
        for minute, title in ((0, "First"), (30, "Second"))
    ]
    for number in range(PEOPLE):
        one = cast.make_delegate(conference, f"Guest{number}", "Race")
        for session in sessions:
            enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    return sessions


def test_many_looks_at_once_make_one_letter_to_each(world):
    due = cast.venue_time(13)
    at_once(*[lambda: reminders.sweep(now=due)] * BEATS)
    at_once(*[lambda: reminders.sweep(now=due + timedelta(minutes=1))] * BEATS)
    assert Reminder.objects.count() == 2 * PEOPLE
    assert Message.objects.count() == PEOPLE
    assert set(Reminder.objects.values_list("state", flat=True)) == {"in_letter"}
    assert all(message.reminders.count() == 2 for message in Message.objects.all())


def test_a_session_moved_while_beats_look_leaves_no_letter_of_its_old_time(world, mailoutbox):
    due = cast.venue_time(13)
    first, _second = world
    reminders.sweep(now=due - timedelta(hours=1))

    def move():
        scheduling.change_session(
            session_id=first.pk,
            actor=None,
            now=due,
            starts_at=cast.venue_time(17),
            ends_at=cast.venue_time(18),
        )

    at_once(*[lambda: reminders.sweep(now=due)] * BEATS, move)
    Message.objects.exclude(purpose="reminder").delete()
    deliver_all(due)
    reminders.sweep(now=cast.venue_time(13, 30))
    deliver_all(cast.venue_time(13, 30))
    assert not any("First" in mail.body for mail in mailoutbox)
    assert sum("Second" in mail.body for mail in mailoutbox) == PEOPLE
    assert len(mailoutbox) == PEOPLE
