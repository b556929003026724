"""Reminders reach people without an e-mail address: in their inbox, by push, by SMS if allowed."""

import json
from datetime import timedelta

import pytest

from conference.models import Message, MessageStep, Notice, User
from conference.operations import channels, inbox, mailing
from conference.operations.channels import web_push
from delegates.models import PersonalLink, TextAddress
from delegates.operations import linking, text_consent
from sessions.models import Reminder
from sessions.operations import enrolling, reminders
from sessions.operations.reminders import foreseeing
from tests.sessions import cast
from tests.sessions.operations.reminders.world import decided, letters, make_rule
from tests.sessions.texting import NUMBER

DUE = cast.venue_time(13)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def rule(conference):
    return make_rule(conference, minutes=60)


@pytest.fixture
def silent(conference, rule, now):
    """Somebody without an e-mail address who has a seat at 14:00."""
    one = cast.make_delegate(conference, "Sid", "Sly", email="")
    session = cast.make_session(conference)
    enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=now)
    return one


def give_link(delegate, now):
    return linking.create_link(
        purpose=PersonalLink.Purpose.DELEGATE, delegate=delegate, now=now
    ).link


def in_inbox(delegate, now=DUE):
    whose = f"delegate:{delegate.pk}"
    return inbox.letters_for(conference=delegate.conference, whose=whose, now=now)


def test_who_has_a_personal_link_finds_the_reminder_in_the_inbox(silent, now):
    give_link(silent, now)
    reminders.sweep(now=DUE)
    (letter,) = letters()
    assert (letter.state, letter.to_email) == ("inbox", "")
    assert list(in_inbox(silent)) == [letter]
    kinds = MessageStep.objects.order_by("pk").values_list("kind", "rule")
    assert list(kinds) == [("queued", "reminder_on_time"), ("inbox", "no_address")]
    assert mailing.words("no_address").startswith("No e-mail address is known.")
    assert mailing.due_message_ids(now=DUE + MINUTE) == []


def test_who_has_an_account_does_as_well(silent):
    silent.user = User.objects.create_user("sid@example.org")
    silent.save()
    reminders.sweep(now=DUE)
    assert in_inbox(silent).count() == 1


def test_a_look_again_makes_no_second_letter(silent, now):
    give_link(silent, now)
    for minutes in (0, 0, 1, 5):
        reminders.sweep(now=DUE + minutes * MINUTE)
    assert len(letters()) == 1


def test_who_is_reached_on_no_way_is_left_out_and_the_log_says_so(silent, rule):
    reminders.sweep(now=DUE)
    assert letters() == []
    assert decided() == [("dropped", "reminder_no_way")]
    foreseen = foreseeing.foresee(foreseeing.coming(rule, now=cast.NOW), now=cast.NOW)
    assert [each.decision.reason for each in foreseen] == ["reminder_no_way"]


def test_a_link_that_comes_in_time_counts_and_one_that_comes_later_does_not(silent, now):
    reminders.sweep(now=DUE - 20 * MINUTE)
    assert decided() == [("dropped", "reminder_no_way")]
    link = give_link(silent, now)
    reminders.sweep(now=DUE - 10 * MINUTE)
    assert decided() == [("planned", "reminder_on_time")]
    Reminder.objects.all().delete()
    linking.revoke(link=link, now=now)
    reminders.sweep(now=DUE)
    give_link(silent, now)
    reminders.sweep(now=DUE + MINUTE)
    assert decided() == [("dropped", "reminder_no_way")]


def test_looking_again_at_who_is_reached_on_no_way_changes_nothing(silent):
    reminders.sweep(now=DUE - 20 * MINUTE)
    (before,) = Reminder.objects.values()
    reminders.sweep(now=DUE - 10 * MINUTE)
    assert Reminder.objects.values().get() == before


def test_the_letter_of_a_moved_session_leaves_the_inbox(silent, now):
    give_link(silent, now)
    reminders.sweep(now=DUE)
    session = silent.enrolments.get().session
    session.starts_at += timedelta(hours=3)
    session.ends_at += timedelta(hours=3)
    session.save()
    reminders.withdraw_from_session(session=session, now=DUE + MINUTE)
    assert in_inbox(silent, DUE + MINUTE).count() == 0
    reminders.sweep(now=DUE + timedelta(hours=3))
    assert in_inbox(silent, DUE + timedelta(hours=3)).count() == 1


def test_a_push_tells_of_it(silent, now, settings, monkeypatch):
    settings.PUSH_PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    give_link(silent, now)
    silent.push_subscriptions.create(
        endpoint="https://push.example.org/a", p256dh="x", auth="x", created_at=now
    )
    reminders.sweep(now=DUE)
    channels.make_notices(now=DUE)
    assert Notice.objects.get().message == letters()[0]
    assert web_push.is_on()


# --- SMS to those who never said whether they want it ---


def send(now=DUE):
    reminders.sweep(now=now)
    channels.make_notices(now=now)
    channels.send_due(worker="w", clock=lambda: now)


@pytest.fixture
def by_phone(silent):
    silent.phone_e164 = NUMBER
    silent.save()
    return silent


@pytest.mark.parametrize("allowed", [True, False])
def test_a_phone_is_texted_only_where_the_rule_says_so(by_phone, gateway, rule, allowed):
    rule.by_text = allowed
    rule.save()
    send()
    told = [json.loads(body)["to"] for _path, _headers, body in gateway.asked]
    assert told == [NUMBER] * allowed
    steps = MessageStep.objects.filter(channel="sms").order_by("pk").values_list("rule", flat=True)
    assert list(steps) == ["channel_unasked", "channel_taken"] * allowed
    assert decided() == [
        ("in_letter", "reminder_on_time") if allowed else ("dropped", "reminder_no_way")
    ]


def test_another_rule_lets_nothing_of_its_own_go_there(by_phone, gateway, rule, conference, now):
    give_link(by_phone, now)
    make_rule(conference, minutes=300, by_text=True)
    send()
    assert letters()
    assert gateway.asked == []


def test_without_a_gateway_a_phone_is_no_way(by_phone, rule, settings):
    settings.TEXT_ADAPTERS = {}
    rule.by_text = True
    rule.save()
    reminders.sweep(now=DUE)
    assert decided() == [("dropped", "reminder_no_way")]


@pytest.mark.parametrize("how", ["link", "page", "service"])
def test_who_stopped_it_is_not_texted_by_any_rule(by_phone, gateway, rule, how):
    rule.by_text = True
    rule.save()
    text_consent.stop(delegate=by_phone, channel="sms", address=NUMBER, how=how, now=cast.NOW)
    send()
    assert gateway.asked == []


def test_who_shares_a_phone_on_which_texts_were_stopped_is_not_texted(by_phone, gateway, rule, bo):
    rule.by_text = True
    rule.save()
    text_consent.stop(delegate=bo, channel="sms", address=NUMBER, how="link", now=cast.NOW)
    send()
    assert gateway.asked == []


def test_who_stops_between_is_not_texted_any_more(by_phone, gateway, rule):
    rule.by_text = True
    rule.save()
    reminders.sweep(now=DUE)
    channels.make_notices(now=DUE)
    text_consent.stop(delegate=by_phone, channel="sms", address=NUMBER, how="link", now=DUE)
    channels.send_due(worker="w", clock=lambda: DUE)
    assert gateway.asked == []
    assert Notice.objects.get().state == "cancelled"


def test_who_has_mail_is_not_texted_unasked(by_phone, gateway, rule):
    rule.by_text = True
    rule.save()
    by_phone.email = "sid@example.org"
    by_phone.save()
    send()
    assert gateway.asked == []
    assert [letter.to_email for letter in letters()] == ["sid@example.org"]


def test_an_allowed_phone_is_a_way_by_itself(by_phone, gateway, now):
    TextAddress.objects.create(delegate=by_phone, channel="sms", address=NUMBER, confirmed_at=now)
    send()
    assert len(gateway.asked) == 1


def test_the_failed_letters_of_a_desk_are_those_that_can_be_mended(silent, now):
    give_link(silent, now)
    reminders.sweep(now=DUE)
    assert mailing.retry_all(letters=Message.objects.all(), now=DUE) == 0
