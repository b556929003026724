"""Rules of every kind: who is reminded, when, and when no more."""

from datetime import UTC, date, time

import pytest
from django.core import mail

from conference.models import Conference, Message
from delegates.models import Accreditation, Delegate, Delegation, Invitation
from sessions.models import Reminder, ReminderHabits, ReminderRule
from sessions.operations import appearing
from sessions.operations.enrolling import give_back_seat, take_seat
from sessions.operations.reminders import reasons, sweep
from sessions.operations.scheduling import change_session
from tests.sessions import cast
from tests.sessions.operations.reminders.world import (
    DAY,
    HOUR,
    MINUTE,
    decided,
    deliver_all,
    letters,
    make_invitation,
    make_rule,
    make_speaker,
)

NOON = cast.venue_time(12)


def seat(session, *people, now=cast.NOW):
    for one in people:
        take_seat(session_id=session.pk, delegate_id=one.pk, now=now)


def test_a_conference_begins_with_three_rules_of_which_the_old_one_is_on(conference):
    rules = conference.reminder_rules.values_list("about", "timing", "active")
    assert sorted(rules) == [
        ("answer", "clock", False),
        ("nomination", "clock", False),
        ("session", "own", True),
    ]


def test_a_rule_reminds_before_every_session_at_a_time_of_day(conference, alice):
    make_rule(conference, timing="clock", days=1, clock=time(18))
    seat(cast.make_session(conference), alice)
    due = cast.venue_time(18, day=2)
    sweep(now=due - MINUTE)
    assert letters() == []
    sweep(now=due)
    (letter,) = letters()
    assert letter.subject == "Reminder: Cities and the climate, Tue 3 Nov 2026, 14:00"
    assert decided() == [("in_letter", reasons.ON_TIME)]


def test_a_rule_of_one_session_leaves_the_others_alone(conference, alice):
    one = cast.make_session(conference)
    other = cast.make_session(conference, cast.venue_time(16), title_en="Other")
    make_rule(conference, session=one, minutes=30)
    seat(one, alice)
    seat(other, alice)
    sweep(now=cast.venue_time(15, 30))
    assert [each.thing for each in Reminder.objects.all()] == [f"session:{one.pk}"]


def test_a_rule_after_a_session_goes_out_after_it(conference, alice):
    session = cast.make_session(conference)
    rule = make_rule(
        conference,
        minutes=120,
        is_after=True,
        subject_en="Thank you for {session}",
        body_en="How was it?",
    )
    seat(session, alice)
    sweep(now=cast.venue_time(16))
    assert [each.subject for each in letters()] == ["Thank you for Cities and the climate"]
    assert Reminder.objects.get().key.startswith(f"{rule.pk}:session:{session.pk}:")
    assert deliver_all(cast.venue_time(16)) == ["sent"]


def test_speakers_are_reminded_once_each_whatever_parts_they_have(conference, alice, bo):
    session = cast.make_session(conference)
    make_rule(conference, whom="speakers", minutes=60)
    make_speaker(session, alice, "chair")
    make_speaker(session, alice, "moderator")
    seat(session, bo)
    sweep(now=cast.venue_time(13))
    assert [each.to_email for each in letters()] == [alice.email]


def test_a_speaker_named_after_its_time_is_not_reminded(conference, alice, bo):
    session = cast.make_session(conference)
    make_rule(conference, whom="speakers", minutes=60)
    for delegate, since in ((alice, cast.venue_time(12, 59)), (bo, cast.venue_time(13, 1))):
        speaker = make_speaker(session, delegate).speaker
        speaker.appearances.all().delete()
        appearing.add_appearance(
            session=session, speaker=speaker, part="chair", actor=None, now=since
        )
    sweep(now=cast.venue_time(13, 2))
    assert [each.to_email for each in letters()] == [alice.email]


def test_everybody_is_reminded_of_their_own_arrival(conference, alice, bo):
    make_rule(conference, "arrival", timing="span", minutes=24 * 60)
    arrival = cast.venue_time(16, day=2)
    Delegate.objects.filter(pk=alice.pk).update(
        arrival_at=arrival, arrival_by="MU5199", home_timezone="Asia/Shanghai"
    )
    sweep(now=arrival - DAY)
    (letter,) = letters()
    assert letter.to_email == alice.email
    assert letter.subject == "Your arrival in Suzhou, Mon 2 Nov 2026, 16:00"
    assert "(MU5199)" in letter.body_text


def test_a_changed_arrival_moves_its_reminder(conference, alice):
    make_rule(conference, "arrival", timing="span", minutes=60)
    arrival = cast.venue_time(12, day=2)
    Delegate.objects.filter(pk=alice.pk).update(arrival_at=arrival, home_timezone="Asia/Shanghai")
    sweep(now=arrival - 2 * HOUR)
    Delegate.objects.filter(pk=alice.pk).update(arrival_at=arrival + 3 * HOUR)
    sweep(now=arrival - HOUR)
    assert letters() == []
    assert decided() == [("cancelled", reasons.OTHER_TIME), ("planned", reasons.ON_TIME)]
    sweep(now=arrival + 2 * HOUR)
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("fields", "is_reminded"),
    [
        ({}, True),
        ({"state": "opened"}, True),
        ({"state": "accepted", "answered_at": cast.NOW}, False),
        ({"state": "declined", "answered_at": cast.NOW}, False),
        ({"state": "tentative", "answered_at": cast.NOW}, False),
        ({"state": "cancelled"}, False),
        ({"state": "draft", "sent_at": None}, False),
        ({"sent_at": cast.venue_time(11, day=1)}, False),
    ],
    ids=["sent", "opened", "accepted", "declined", "tentative", "cancelled", "draft", "too new"],
)
def test_who_owes_an_answer_is_reminded_of_the_deadline(conference, fields, is_reminded):
    make_rule(conference, "answer", timing="clock", days=1, clock=time(10))
    invitation = make_invitation(conference, cast.venue_time(18, day=2), **fields)
    invitation.delegation.locality.timezone = ""
    invitation.delegation.locality.save()
    now = cast.venue_time(11, 30, day=1)
    sweep(now=now)
    assert len(letters()) == is_reminded
    if is_reminded:
        (letter,) = letters()
        assert letter.to_email == "fay@example.org"
        assert letter.subject == (
            "Reminder: your answer is due by Mon 2 Nov 2026, 18:00 (China time)"
        )
        assert "/delegation/link/" in letter.body_text
        assert deliver_all(now) == ["sent"]


def test_who_answers_after_it_was_queued_is_not_reminded(conference):
    make_rule(conference, "answer", timing="span", minutes=60)
    invitation = make_invitation(conference, NOON)
    sweep(now=NOON - HOUR)
    type(invitation).objects.update(state="accepted", answered_at=NOON - HOUR)
    assert deliver_all(NOON - HOUR) == ["cancelled"]
    assert decided() == [("cancelled", reasons.NO_MORE)]
    assert mail.outbox == []


@pytest.mark.parametrize("state", ["sent", "accepted", "declined"])
def test_of_an_invitation_that_ran_out_nobody_is_reminded_once_another_has_followed(
    conference, state
):
    first = make_invitation(conference, NOON, state="expired")
    make_rule(conference, "answer", minutes=60, is_after=True)
    answered = {"answered_at": NOON} if state != "sent" else {}
    Invitation.objects.create(
        conference=conference,
        delegation=first.delegation,
        state=state,
        sent_at=NOON,
        deadline=NOON + 10 * DAY,
        **answered,
    )
    sweep(now=NOON + HOUR)
    assert letters() == []


def test_a_reminder_by_hand_makes_a_rule_keep_silent(conference):
    make_rule(conference, "answer", timing="span", minutes=60)
    invitation = make_invitation(conference, NOON)
    by_hand = Message.objects.create(
        conference=conference,
        purpose="invitation_reminder",
        key=f"invite-reminder:{invitation.pk}:1",
        to_email="fay@example.org",
        subject="By hand",
        due_at=NOON,
    )
    Message.objects.filter(pk=by_hand.pk).update(created_at=NOON - 5 * HOUR)
    sweep(now=NOON - HOUR)
    assert letters() == []
    assert decided() == [("dropped", reasons.BY_HAND)]


@pytest.mark.parametrize(
    ("submitted_at", "invited", "is_reminded"),
    [(None, True, True), (cast.NOW, True, False), (None, False, False)],
    ids=["open", "submitted", "not invited"],
)
def test_who_owes_names_is_reminded_of_the_last_day(conference, submitted_at, invited, is_reminded):
    make_rule(conference, "nomination", timing="clock", days=0, clock=time(9))
    invitation = make_invitation(conference, None, state="accepted", answered_at=cast.NOW)
    Delegation.objects.update(nominations_close=date(2026, 11, 2), submitted_at=submitted_at)
    if not invited:
        invitation.delete()
    # In California it is the evening before.
    sweep(now=cast.venue_time(9, day=2))
    assert len(letters()) == is_reminded


def test_who_has_people_to_submit_is_reminded_until_the_day_of_the_rule(conference, alice):
    make_rule(
        conference,
        "accreditation",
        timing="clock",
        days=1,
        clock=time(9),
        until_day=date(2026, 11, 2),
    )
    make_invitation(conference, None, state="accepted", answered_at=cast.NOW)
    sweep(now=cast.venue_time(9, day=1))
    assert letters() == []
    Accreditation.objects.filter(delegate=alice).update(state="nominated", decided_at=None)
    sweep(now=cast.venue_time(9, 1, day=1))
    (letter,) = letters()
    assert letter.subject.startswith("Reminder: accreditation closes on Mon 2 Nov 2026, 23:59")


@pytest.mark.parametrize(
    "fields",
    [{"published": False}, {"first_day": date(2026, 10, 1), "last_day": date(2026, 10, 2)}],
    ids=["not published", "over"],
)
def test_no_rule_works_for_a_conference_that_is_hidden_or_over(conference, alice, fields):
    make_rule(conference, minutes=30)
    make_rule(conference, "arrival", timing="span", minutes=60)
    seat(cast.make_session(conference), alice)
    Delegate.objects.update(arrival_at=cast.venue_time(14, 30))
    Conference.objects.update(**fields)
    sweep(now=cast.venue_time(13, 30))
    assert decided() == []


def test_a_conference_that_is_hidden_stops_letters_on_their_way(conference, alice):
    make_rule(conference, minutes=30)
    seat(cast.make_session(conference), alice)
    sweep(now=cast.venue_time(13, 30))
    Conference.objects.update(published=False)
    assert deliver_all(cast.venue_time(13, 30)) == ["cancelled"]


def test_a_rule_that_is_switched_off_takes_back_what_it_planned(conference, alice):
    rule = make_rule(conference, minutes=30)
    seat(cast.make_session(conference), alice)
    sweep(now=NOON)
    ReminderRule.objects.filter(pk=rule.pk).update(active=False)
    sweep(now=cast.venue_time(13, 30))
    assert letters() == []
    assert decided() == [("cancelled", reasons.OTHER_TIME)]


def test_the_wall_time_is_stored_and_read_anew_when_the_zone_changes(conference, alice):
    make_rule(conference, timing="clock", days=1, clock=time(18))
    seat(cast.make_session(conference), alice)
    sweep(now=cast.venue_time(10, day=2))
    reminder = Reminder.objects.get()
    assert (reminder.wall_day, reminder.wall_clock, reminder.zone) == (
        date(2026, 11, 2),
        time(18),
        "Asia/Shanghai",
    )
    assert reminder.due_at == cast.venue_time(18, day=2)
    Conference.objects.update(timezone="Asia/Tokyo")
    sweep(now=cast.venue_time(10, 1, day=2))
    moved = Reminder.objects.get()
    assert (moved.pk, moved.zone, moved.wall_clock) == (reminder.pk, "Asia/Tokyo", time(18))
    assert moved.due_at == cast.venue_time(17, day=2)


def test_the_reason_of_its_time_is_stored_and_told_with_the_letter(conference, alice):
    rule = make_rule(conference, name="Early", minutes=30)
    seat(cast.make_session(conference, cast.venue_time(7)), alice)
    sweep(now=cast.venue_time(12, day=2))
    assert decided() == [("planned", reasons.BEFORE_QUIET)]
    sweep(now=cast.venue_time(20, 45, day=2))
    (letter,) = letters()
    (step,) = letter.steps.all()
    assert (step.kind, step.rule) == ("queued", reasons.BEFORE_QUIET)
    assert step.answer == (
        f"{rule.name} · Cities and the climate · 2026-11-03 07:00 ← 2026-11-03 06:30 "
        "(Asia/Shanghai)"
    )


def test_what_one_can_do_without_is_left_out_at_night_and_what_not_is_sent(conference, alice):
    make_rule(conference, name="Nice", minutes=30, optional=True)
    make_rule(conference, name="Needed", minutes=20)
    seat(cast.make_session(conference, cast.venue_time(7)), alice, now=cast.venue_time(5))
    sweep(now=cast.venue_time(6))
    assert decided() == [("dropped", reasons.LEFT_OUT), ("planned", reasons.IN_QUIET)]
    sweep(now=cast.venue_time(6, 40))
    assert len(letters()) == 1


def test_quiet_hours_can_be_switched_off(conference, alice):
    ReminderHabits.objects.update(quiet_from=time(0), quiet_until=time(0))
    make_rule(conference, minutes=30)
    seat(cast.make_session(conference, cast.venue_time(7)), alice)
    sweep(now=cast.venue_time(6, 30))
    assert decided() == [("in_letter", reasons.ON_TIME)]


def test_reminders_of_one_window_go_as_one_letter_and_each_stays_visible(conference, alice, bo):
    make_rule(conference, minutes=60)
    for hour, title in ((14, "First"), (14.5, "Second"), (16, "Third")):
        session = cast.make_session(
            conference,
            cast.venue_time(int(hour), int(hour % 1 * 60)),
            minutes=20,
            title_en=title,
        )
        seat(session, alice)
    sweep(now=cast.venue_time(13))
    (letter,) = letters()
    assert letter.subject == "Reminder: First, Tue 3 Nov 2026, 14:00, and 1 more"
    assert "1. Reminder: First" in letter.body_text
    assert "2. Reminder: Second" in letter.body_text
    assert letter.body_text.count("Dear Alice Ames,") == 1
    assert [step.answer.split(" · ")[1] for step in letter.steps.all()] == ["First", "Second"]
    sweep(now=cast.venue_time(15))
    assert [each.subject[:15] for each in letters()] == ["Reminder: First", "Reminder: Third"]


def test_deadlines_of_one_day_go_as_one_letter(conference, alice):
    make_rule(conference, "answer", timing="clock", days=1, clock=time(18))
    make_rule(conference, "nomination", timing="clock", days=1, clock=time(9))
    make_invitation(conference, cast.venue_time(18, day=2))
    Delegation.objects.update(nominations_close=date(2026, 11, 2))
    place = Delegation.objects.get().locality
    place.timezone = "Asia/Shanghai"
    place.save()
    sweep(now=cast.venue_time(9, day=1))
    (letter,) = letters()
    assert letter.subject.endswith(", and 1 more")
    assert [each.state for each in Reminder.objects.all()] == ["in_letter"] * 2


def test_a_part_that_is_no_longer_needed_leaves_the_letter_and_the_others_go(conference, alice):
    make_rule(conference, minutes=60)
    first = cast.make_session(conference, minutes=20, title_en="First")
    second = cast.make_session(conference, cast.venue_time(14, 30), minutes=20, title_en="Second")
    seat(first, alice)
    seat(second, alice)
    now = cast.venue_time(13)
    sweep(now=now)
    give_back_seat(session_id=first.pk, delegate_id=alice.pk, now=now)
    assert deliver_all(now) == ["cancelled"]
    sweep(now=now + MINUTE)
    assert deliver_all(now + MINUTE) == []
    # The first took it along early; alone it goes at its own time.
    sweep(now=cast.venue_time(13, 30))
    assert deliver_all(cast.venue_time(13, 30)) == ["sent"]
    (letter,) = mail.outbox
    assert letter.subject.startswith("Reminder: Second")
    assert "First" not in letter.body
    assert sorted(decided()) == [("cancelled", reasons.NO_MORE), ("in_letter", reasons.ON_TIME)]


def test_a_doubtful_letter_is_not_taken_apart(conference, alice):
    """Nobody knows whether it has left: a new letter of its other parts could come twice."""
    make_rule(conference, minutes=60)
    for hour in (14, 14.5):
        seat(
            cast.make_session(conference, cast.venue_time(14, int(hour % 1 * 60)), minutes=20),
            alice,
        )
    now = cast.venue_time(13)
    sweep(now=now)
    Message.objects.update(is_doubtful=True)
    Reminder.objects.first().rule.conference.sessions.filter(starts_at=cast.venue_time(14)).update(
        cancelled_at=now
    )
    assert deliver_all(now) == ["sent"]


def test_what_comes_too_late_is_shown_part_by_part(conference, alice):
    make_rule(conference, minutes=240)
    for hour in (18, 20):
        seat(cast.make_session(conference, cast.venue_time(hour)), alice)
    sweep(now=cast.venue_time(16, 1))
    assert sorted(each.state for each in letters()) == ["missed", "queued"]
    assert sorted(decided()) == [("in_letter", reasons.ON_TIME), ("missed", reasons.TOO_LATE)]


def test_a_text_in_one_language_goes_whole_to_readers_of_the_other(conference, bo):
    make_rule(conference, minutes=30, subject_zh="", body_zh="")
    seat(cast.make_session(conference), bo)
    sweep(now=cast.venue_time(13, 30))
    (letter,) = letters()
    assert letter.subject.startswith("Reminder: Cities")
    assert "尊敬的" in letter.body_text


def test_a_moved_session_gets_a_new_key_and_the_unsent_old_one_is_cancelled(conference, alice):
    make_rule(conference, minutes=30)
    session = cast.make_session(conference)
    seat(session, alice)
    sweep(now=NOON)
    change_session(
        session_id=session.pk,
        actor=None,
        now=NOON,
        starts_at=cast.venue_time(17),
        ends_at=cast.venue_time(18),
    )
    sweep(now=NOON)
    states = dict(Reminder.objects.values_list("thing_at", "state"))
    assert states == {
        cast.venue_time(14).astimezone(UTC): "cancelled",
        cast.venue_time(17).astimezone(UTC): "planned",
    }
    assert Reminder.objects.values("key").distinct().count() == 2


def test_a_hidden_zone_of_a_spreadsheet_does_no_harm(conference, alice):
    Delegate.objects.update(home_timezone="Pacific/Nowhere")
    make_rule(conference, minutes=30)
    seat(cast.make_session(conference), alice)
    sweep(now=cast.venue_time(13, 30))
    assert len(letters()) == 1


def test_statements_do_not_grow_with_the_people(conference, django_assert_max_num_queries):
    make_rule(conference, minutes=30)
    session = cast.make_session(conference, takes_enrolments=True)
    few = [cast.make_delegate(conference, f"A{n}", "Few") for n in range(2)]
    seat(session, *few)
    due = cast.venue_time(13, 30)
    with django_assert_max_num_queries(60) as asked:
        sweep(now=due)
    for_two = len(asked.captured_queries)
    Reminder.objects.all().delete()
    Message.objects.all().delete()
    seat(session, *(cast.make_delegate(conference, f"B{n}", "Many") for n in range(30)))
    with django_assert_max_num_queries(for_two):
        sweep(now=due)
    assert len(letters()) == 32
