import re
from datetime import UTC, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from conference.models import Message
from conference.operations import mailing
from config.broker import free_port
from delegates.models import Accreditation
from sessions import tasks
from sessions.models import Reminder
from sessions.operations import reminders as reminding
from sessions.operations import scheduling
from sessions.operations.enrolling import give_back_seat, join_waiting_list, take_seat
from sessions.operations.reminders import sweep
from tests.sessions import cast

DUE = cast.venue_time(13, 30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(conference, room):
    """14:00 at the venue, with a reminder half an hour before."""
    return cast.make_session(conference, room=room, remind_minutes_before=30)


@pytest.fixture
def seated(session, alice, bo):
    for delegate in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=cast.NOW)
    return [alice, bo]


def reminders(**fields):
    return Message.objects.filter(purpose="reminder", **fields).order_by("to_email", "pk")


def states():
    return [message.state for message in reminders()]


def deliver_all(now):
    return [
        mailing.deliver(message_id=pk, worker="test", now=now)
        for pk in mailing.due_message_ids(now=now)
    ]


def move(session, hour, minute=0):
    starts = cast.venue_time(hour, minute)
    scheduling.change_session(
        session_id=session.pk,
        actor=None,
        now=DUE,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
    )
    Message.objects.filter(purpose="session_moved").delete()


def cancel(session, now=DUE):
    scheduling.cancel_session(session_id=session.pk, reason_en="Storm", actor=None, now=now)
    Message.objects.filter(purpose="session_cancelled").delete()


def test_a_reminder_is_not_early(seated):
    sweep(now=DUE - MINUTE)
    assert states() == []


def test_everybody_with_a_seat_is_reminded_in_their_language(session, seated):
    assert sweep(now=DUE).queued == 2
    english, chinese = reminders()
    own_rule = session.conference.reminder_rules.get(timing="own")
    assert Reminder.objects.get(message=english).key == (
        f"{own_rule.pk}:session:{session.pk}:2026-11-03T06:00:00+00:00:-30m:delegate:{seated[0].pk}"
    )
    assert english.recipient == f"delegate:{seated[0].pk}"
    assert english.subject == "Reminder: Cities and the climate, Tue 3 Nov 2026, 14:00"
    assert "Tue 3 Nov 2026, 14:00–15:30 (China time)" in english.body_text
    assert "Lotus Room, floor 2, Conference Centre" in english.body_text
    assert "Dear Alice Ames," in english.body_text
    assert re.search(r"http://\S+/me/link/[\w-]{32}/", english.body_text)
    assert "陈博" in chinese.body_text
    assert "城市与气候" in chinese.subject
    assert "2026年11月3日 星期二 14:00–15:30（北京时间）" in chinese.body_text
    assert "荷花厅，2 层，会议中心" in chinese.body_text
    assert "时间：2026年11月3日 星期二 14:00–15:30（北京时间）<br>" in chinese.body_html


def test_a_reminder_is_made_once_and_sent_once(seated):
    for later in range(4):
        sweep(now=DUE + later * MINUTE)
        deliver_all(DUE + later * MINUTE)
    assert states() == ["sent", "sent"]
    assert len(mail.outbox) == 2


def test_the_task_and_the_command_without_a_broker_do_the_same(seated):
    with time_machine.travel(DUE, tick=False):
        tasks.sweep_reminders()
        call_command("send_due", stdout=StringIO())
    assert states() == ["sent", "sent"]
    assert [letter.to for letter in mail.outbox] == [
        ['"Alice Ames" <alice.ames@example.org>'],
        ['"陈博" <bo.chen@example.org>'],
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"cancelled_at": cast.NOW},
        {"remind_minutes_before": None},
    ],
    ids=["not published", "cancelled", "no reminder"],
)
def test_nobody_is_reminded_of_what_does_not_happen(session, seated, fields):
    type(session).objects.filter(pk=session.pk).update(**fields)
    sweep(now=DUE)
    assert states() == []


def test_only_seats_taken_before_it_was_due_are_reminded(session, alice, bo):
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=DUE - MINUTE)
    take_seat(session_id=session.pk, delegate_id=bo.pk, now=DUE + MINUTE)
    sweep(now=DUE + 2 * MINUTE)
    assert [message.to_email for message in reminders()] == [alice.email]


def test_who_waits_is_not_reminded_and_who_moved_up_in_time_is(conference, alice, bo, now):
    session = cast.make_session(conference, capacity=1, remind_minutes_before=30)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    join_waiting_list(session_id=session.pk, delegate_id=bo.pk, now=now)
    sweep(now=DUE)
    assert [message.to_email for message in reminders()] == [alice.email]


def test_who_has_no_address_is_not_reminded_and_is_named(conference, session, seated, now):
    silent = cast.make_delegate(conference, "Sid", "Sly", email="")
    take_seat(session_id=session.pk, delegate_id=silent.pk, now=now)
    sweep(now=DUE)
    assert reminders().count() == 2
    assert reminding.unreachable(session) == [silent]


def test_who_lost_the_accreditation_loses_the_seat_and_is_not_reminded(session, seated):
    Accreditation.objects.filter(delegate=seated[0]).update(state="refused")
    sweep(now=DUE)
    assert [message.to_email for message in reminders()] == [seated[1].email]
    session.refresh_from_db()
    assert session.seats_taken == 1


def test_a_moved_session_moves_its_reminder(session, seated):
    move(session, 16)
    sweep(now=DUE)
    assert states() == []
    sweep(now=cast.venue_time(15, 30))
    assert reminders()[0].subject.endswith("16:00")
    assert states() == ["queued", "queued"]


def test_a_session_moved_forward_reminds_at_once(session, seated):
    move(session, 13, 45)
    sweep(now=DUE)
    assert states() == ["queued", "queued"]


def test_a_reminder_that_has_not_left_is_withdrawn_when_the_session_moves(session, seated):
    sweep(now=DUE)
    move(session, 16)
    assert states() == ["cancelled", "cancelled"]
    assert deliver_all(DUE) == []
    sweep(now=cast.venue_time(15, 30))
    assert sorted(states()) == ["cancelled", "cancelled", "queued", "queued"]


def test_a_session_moved_there_and_back_is_reminded_of_once(session, seated):
    sweep(now=DUE)
    move(session, 16)
    move(session, 14)
    sweep(now=DUE + MINUTE)
    assert sorted(states()) == ["cancelled", "cancelled", "queued", "queued"]
    assert deliver_all(DUE + MINUTE) == ["sent", "sent"]
    assert len(mail.outbox) == 2


def test_a_new_room_is_in_the_reminder_that_leaves(conference, session, seated):
    sweep(now=DUE)
    scheduling.change_session(
        session_id=session.pk,
        actor=None,
        now=DUE,
        room=cast.make_room(conference, "Maple Room", "红枫厅"),
    )
    Message.objects.filter(purpose="session_moved").delete()
    sweep(now=DUE + MINUTE)
    deliver_all(DUE + MINUTE)
    assert len(mail.outbox) == 2
    assert "Maple Room" in mail.outbox[0].body


def test_a_cancelled_session_withdraws_its_queued_reminders(session, seated):
    sweep(now=DUE)
    cancel(session)
    assert states() == ["cancelled", "cancelled"]
    assert deliver_all(DUE) == []
    sweep(now=DUE + MINUTE)
    assert states() == ["cancelled", "cancelled"]


def test_a_reminder_on_its_way_is_stopped_in_the_last_moment(session, seated):
    """Its first attempt failed while the session was being cancelled; it must not go out later."""
    sweep(now=DUE)
    type(session).objects.filter(pk=session.pk).update(cancelled_at=DUE)
    assert deliver_all(DUE + MINUTE) == ["cancelled", "cancelled"]
    assert mail.outbox == []


def test_a_reminder_of_a_dead_worker_is_withdrawn_too(session, seated):
    sweep(now=DUE)
    message = reminders().first()
    mailing.claim(message_id=message.pk, worker="dies", now=DUE - timedelta(minutes=5))
    mailing.claim(message_id=message.pk, worker="dies", now=DUE)
    cancel(session, now=DUE + timedelta(minutes=5))
    assert states() == ["cancelled", "cancelled"]


def test_who_gave_the_seat_back_is_not_reminded_by_a_queued_letter(session, seated):
    sweep(now=DUE)
    give_back_seat(session_id=session.pk, delegate_id=seated[0].pk, now=DUE)
    assert sorted(deliver_all(DUE)) == ["cancelled", "sent"]
    assert [letter.to for letter in mail.outbox] == [['"陈博" <bo.chen@example.org>']]


def test_late_by_less_than_two_hours_is_sent(conference, alice, now):
    session = cast.make_session(conference, cast.venue_time(18), remind_minutes_before=240)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    sweep(now=cast.venue_time(16))
    assert deliver_all(cast.venue_time(16)) == ["sent"]


def test_late_by_more_than_two_hours_is_missed_and_never_sent(conference, alice, now):
    session = cast.make_session(conference, cast.venue_time(18), remind_minutes_before=240)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    late = cast.venue_time(16, 1)
    for _ in range(2):
        sweep(now=late)
    assert states() == ["missed"]
    assert deliver_all(late) == []
    mailing.retry(message_id=reminders().get().pk, now=late)
    assert deliver_all(late) == ["missed"]
    assert mail.outbox == []


def test_after_the_start_a_reminder_is_missed(seated):
    sweep(now=cast.venue_time(14))
    assert states() == ["missed", "missed"]


def test_what_nobody_looked_for_within_a_day_is_forgotten(seated):
    sweep(now=DUE + timedelta(days=1, minutes=1))
    assert states() == []


def test_a_letter_that_waited_too_long_for_a_mail_server_is_missed(conference, alice, now):
    session = cast.make_session(conference, cast.venue_time(18), remind_minutes_before=240)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    sweep(now=cast.venue_time(14))
    assert deliver_all(cast.venue_time(16, 30)) == ["missed"]
    assert mail.outbox == []


def test_a_server_that_is_away_for_a_while_loses_no_reminder(seated, settings, mail_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    sweep(now=DUE)
    assert deliver_all(DUE) == ["queued", "queued"]
    settings.EMAIL_PORT = int(mail_server.url.rpartition(":")[2])
    assert deliver_all(DUE + 2 * MINUTE) == ["sent", "sent"]
    assert sorted(mail_server.recipients) == sorted(delegate.email for delegate in seated)


def test_the_venues_clock_counts_not_the_servers(db, now):
    """The day before, at the same time on the wall, although clocks change in between."""
    conference = cast.make_conference(timezone="America/New_York")
    starts = cast.venue_time(9, day=1, zone=ZoneInfo("America/New_York"))
    session = cast.make_session(conference, starts, remind_minutes_before=1440)
    alice = cast.make_delegate(conference, home_timezone="America/New_York")
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=starts - timedelta(days=3))
    due = starts.astimezone(UTC) - timedelta(hours=25)
    sweep(now=due - MINUTE)
    assert states() == []
    sweep(now=due)
    assert states() == ["queued"]
    assert "09:00–10:30 (U.S. Eastern time)" in reminders().get().body_text


def test_looking_costs_the_same_for_one_seat_and_for_three_already_reminded(
    session, alice, bo, carl, django_assert_num_queries
):
    now = cast.NOW
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    sweep(now=DUE)
    with django_assert_num_queries(7):
        sweep(now=DUE + MINUTE)
    for delegate in (bo, carl):
        take_seat(session_id=session.pk, delegate_id=delegate.pk, now=now)
    sweep(now=DUE + MINUTE)
    with django_assert_num_queries(7):
        sweep(now=DUE + 2 * MINUTE)
