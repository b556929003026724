"""The migration by which the reminders of old become rules: nobody is reminded twice."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps

from conference.models import Message
from sessions.models import Reminder, ReminderHabits, ReminderRule
from sessions.operations.enrolling import take_seat
from sessions.operations.reminders import sweep, usual
from tests.sessions import cast
from tests.sessions.operations.reminders.world import deliver_all, letters

migration = importlib.import_module("sessions.migrations.0004_built_in_reminders_become_rules")
DUE = cast.venue_time(13, 30)


@pytest.fixture
def old_world(conference, alice, bo, carl):
    """A session whose reminders were made by the code of old, in three different states."""
    session = cast.make_session(conference, remind_minutes_before=30)
    for one in (alice, bo, carl):
        take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    for one, state in ((alice, "sent"), (bo, "queued"), (carl, "missed")):
        Message.objects.create(
            conference=conference,
            purpose="session_reminder",
            key=f"remind:session:{session.pk}:2026-11-03T06:00:00+00:00:30:{one.pk}",
            to_email=one.email,
            subject="Reminder",
            body_text="As it was",
            state=state,
            due_at=DUE,
            sent_at=DUE if state == "sent" else None,
        )
    ReminderRule.objects.all().delete()
    ReminderHabits.objects.all().delete()
    return session


def migrate():
    migration.give_rules(apps, None)
    migration.adopt_reminders(apps, None)


def test_nothing_is_made_or_sent_twice(old_world, mailoutbox):
    migrate()
    for later in (timedelta(0), timedelta(minutes=1), timedelta(minutes=5)):
        sweep(now=DUE + later)
        deliver_all(DUE + later)
    assert sorted(each.state for each in letters()) == ["missed", "sent", "sent"]
    assert [mail.to for mail in mailoutbox] == [['"" <bo.chen@example.org>']]
    assert sorted(Reminder.objects.values_list("state", flat=True)) == [
        "in_letter",
        "in_letter",
        "missed",
    ]


def test_what_was_not_yet_reminded_of_is(conference, old_world, mailoutbox):
    dora = cast.make_delegate(conference, "Dora", "Dee")
    take_seat(session_id=old_world.pk, delegate_id=dora.pk, now=cast.NOW)
    migrate()
    sweep(now=DUE)
    assert sorted(deliver_all(DUE)) == ["sent", "sent"]
    assert len(mailoutbox) == 2


def test_a_session_that_was_moved_meanwhile_stops_its_old_letters(old_world, mailoutbox):
    migrate()
    later = cast.venue_time(16)
    type(old_world).objects.update(starts_at=later, ends_at=later + timedelta(hours=1))
    assert deliver_all(DUE) == ["cancelled"]
    assert mailoutbox == []


def test_it_gives_the_rules_that_new_conferences_begin_with(conference, old_world):
    migrate()
    fields = ("name", "about", "timing", "days", "clock", "active", "subject_zh", "body_en")
    migrated = list(
        conference.reminder_rules.order_by("pk").values(*fields, "subject_en", "body_zh")
    )
    ReminderRule.objects.all().delete()
    usual.begin(conference)
    assert migrated == list(
        conference.reminder_rules.order_by("pk").values(*fields, "subject_en", "body_zh")
    )
    assert ReminderHabits.objects.count() == 1


def test_it_can_be_taken_back(old_world):
    migrate()
    migration.give_back(apps, None)
    assert Message.objects.filter(purpose="session_reminder").count() == 3
