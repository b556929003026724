"""A demo that is started late in the day has missed nothing: its rules hold from its start on."""

from datetime import timedelta

import pytest

from conference.models import Conference
from demo.loading.everything import load
from sessions.models import Reminder
from sessions.operations import reminders
from tests.demo.conftest import NOW

#: 19:30 at the venue: the sessions of the day are over, the one of tomorrow is ahead.
LATE = NOW + timedelta(hours=10, minutes=30)


@pytest.mark.django_db
def test_what_was_due_before_the_start_is_not_missed_and_what_comes_is_sent():
    load(now=LATE)
    reminders.sweep(now=LATE)
    rehearsal = Conference.objects.get(slug="china-us-rehearsal")
    ours = Reminder.objects.filter(rule__conference=rehearsal)
    assert not ours.filter(state="missed").exists()
    assert not rehearsal.messages.filter(state="missed").exists()
    ahead = rehearsal.sessions.filter(starts_at__gt=LATE, remind_minutes_before__gt=0).earliest(
        "starts_at"
    )
    reminders.sweep(now=ahead.starts_at - timedelta(minutes=ahead.remind_minutes_before))
    assert ours.filter(state="in_letter").exists()
    assert not ours.filter(state="missed").exists()
