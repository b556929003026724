"""Texts of mailings wait for the end of the quiet hours of where their people are."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from conference.models import Campaign, Message, Notice
from conference.operations import campaigning, channels, inbox, mailing
from sessions.models import ReminderHabits
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, allow

#: By the clocks of the venue, where people are on this day.
NIGHT = cast.venue_time(23)
MORNING = cast.venue_time(8, day=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def news(conference, alice, gateway):
    """A mailing that goes out at eleven in the evening, to Alice who wants news by SMS."""
    allow(alice, cast.NOW, with_news=True)
    mailing_ = Campaign.objects.create(
        conference=conference,
        purpose="mailing",
        audience="people",
        name="News",
        subject_en="The buses leave at nine",
        body_en="Dear {name}",
    )
    campaigning.start(campaign=mailing_, now=NIGHT)
    campaigning.expand_due(clock=lambda: NIGHT)
    return mailing_


def send(now):
    channels.make_notices(now=now)
    return channels.send_due(worker="w", clock=lambda: now).ends


def texted(gateway):
    return [json.loads(body)["to"] for _path, _headers, body in gateway.asked]


def test_a_text_waits_for_the_morning_and_mail_and_inbox_do_not(news, gateway, alice, mailoutbox):
    assert send(NIGHT) == {"queued": 1}
    assert send(MORNING - MINUTE) == {}
    letter = Message.objects.get(recipient=f"delegate:{alice.pk}")
    assert inbox.is_there(letter, NIGHT)
    assert mailing.deliver(message_id=letter.pk, worker="w", now=NIGHT) == "sent"
    assert texted(gateway) == []
    assert send(MORNING) == {"sent": 1}
    assert texted(gateway) == [NUMBER]
    notice = Notice.objects.get()
    assert (notice.attempts, notice.waited_until) == (1, MORNING)


def test_its_page_says_what_it_waits_for(news, desk, conference):
    send(NIGHT)
    letter = Notice.objects.get().message
    waits = letter.steps.get(kind="waits")
    assert (waits.channel, waits.answer) == ("sms", "2026-11-04 08:00 (Asia/Shanghai)")
    url = reverse("conference:message_detail", args=[conference.slug, letter.pk])
    page = desk.get(url).content.decode()
    assert "Waits until" in page
    assert waits.answer in page
    assert "Quiet hours hold where the person is." in page


def test_it_is_news_for_two_hours_from_the_morning_on(news, gateway):
    send(NIGHT)
    assert send(MORNING + timedelta(hours=2, minutes=1)) == {"cancelled": 1}
    assert texted(gateway) == []


def test_one_that_is_tried_again_does_not_go_into_the_night(news, gateway):
    ReminderHabits.objects.update(quiet_from=cast.venue_time(23, 1).time())
    gateway.answers.append((503, {}, "busy"))
    assert send(NIGHT) == {"queued": 1}
    assert send(NIGHT + 3 * MINUTE) == {"queued": 1}
    assert Notice.objects.get().due_at == MORNING
    assert len(gateway.asked) == 1


def test_the_night_is_that_of_where_the_person_is(news, gateway, alice):
    alice.home_timezone = "America/Los_Angeles"
    alice.arrival_at = cast.venue_time(9, day=4)
    alice.save()
    # It is seven in the morning there, and quiet hours end at eight.
    assert send(NIGHT) == {"queued": 1}
    assert send(NIGHT + timedelta(hours=1)) == {"sent": 1}


def test_without_quiet_hours_nothing_waits(news, gateway):
    ReminderHabits.objects.update(quiet_from="21:00", quiet_until="21:00")
    assert send(NIGHT) == {"sent": 1}


def test_a_mailing_that_is_stopped_in_the_night_texts_nobody_in_the_morning(news, gateway):
    send(NIGHT)
    Campaign.objects.update(state="cancelled")
    Message.objects.update(state="cancelled")
    assert send(MORNING) == {"cancelled": 1}
    assert texted(gateway) == []


def test_a_session_that_moves_is_told_of_at_once(gateway, session, alice):
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    allow(alice, cast.NOW)
    notifying.tell_moved(session=session, now=NIGHT)
    assert send(NIGHT) == {"sent": 1}
