"""Step eight of the story, through the real beat, worker and mail server."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from conference.models import Message
from sessions.models import ReminderHabits
from sessions.operations.enrolling import take_seat
from sessions.operations.scheduling import cancel_session
from tests.sessions import cast

NAMES = ("Alice", "Carla", "Dong")


@pytest.mark.slow
def test_two_beats_remind_once_and_not_of_what_was_cancelled(plenary):
    plenary.start_another("beat")
    now = timezone.now()
    conference = cast.make_conference(first_day=now.date(), last_day=now.date() + timedelta(days=1))
    # Whatever the hour at which this runs.
    ReminderHabits.objects.update(quiet_until=F("quiet_from"))
    room = cast.make_room(conference)
    soon = now + timedelta(minutes=29)
    session = cast.make_session(conference, soon, room=room, remind_minutes_before=30)
    cancelled = cast.make_session(conference, soon, title_en="Gone", remind_minutes_before=30)
    alice, *others = (cast.make_delegate(conference, name, "Ames") for name in NAMES)
    bo = cast.make_delegate(conference, "Bo", "Chen", language="zh-hans")
    before_it_was_due = now - timedelta(hours=1)
    cancel_session(session_id=cancelled.pk, reason_en="Storm", actor=None, now=now)
    cancelled.enrolments.create(delegate=bo, created_at=before_it_was_due)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=before_it_was_due)

    (letter,) = plenary.mail.wait_for(alice.email)
    for other in others:
        # A later look writes to them; it must not write to those before them again.
        take_seat(session_id=session.pk, delegate_id=other.pk, now=before_it_was_due)
        plenary.mail.wait_for(other.email)

    assert letter["Subject"].startswith("Reminder: Cities and the climate")
    assert "Lotus Room" in letter.get_body(("plain",)).get_content()
    assert plenary.mail.recipients == [alice.email, *(other.email for other in others)]
    assert {message.state for message in Message.objects.all()} <= {"claimed", "sent"}
