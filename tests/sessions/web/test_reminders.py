"""Reminder rules at the desk: made switched off, seen before they work, switched on and off."""

from datetime import time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conference.models import AuditEntry, Conference, Message
from sessions.models import Reminder, ReminderHabits, ReminderRule
from sessions.operations.enrolling import take_seat
from sessions.operations.reminders import sweep
from tests.sessions import cast
from tests.sessions.operations.reminders.world import (
    MINUTE,
    deliver_all,
    make_invitation,
    make_rule,
)

pytestmark = pytest.mark.django_db

MORNING = cast.venue_time(9, day=2)


@pytest.fixture(autouse=True)
def _morning_before():
    with time_machine.travel(MORNING, tick=False):
        yield


def url(name, *arguments):
    return reverse(f"programme:{name}", args=["suzhou", *arguments])


def said(**fields):
    return {
        "name": "The evening before",
        "whom": "seated",
        "session": "",
        "timing": "clock",
        "amount": "",
        "unit": "hours",
        "days": "1",
        "clock": "18:00",
        "direction": "before",
        "subject_en": "Tomorrow: {session}",
        "body_en": "It begins at {start}.",
        "subject_zh": "明天：{session}",
        "body_zh": "{start} 开始。",
        **fields,
    }


def own_rules():
    return ReminderRule.objects.filter(created_by__isnull=False)


def text_of(page):
    return page.content.decode()


def test_a_rule_is_made_switched_off_and_shows_who_would_get_it_and_when(
    desk, conference, alice, bo
):
    session = cast.make_session(conference)
    for one in (alice, bo):
        take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    page = desk.post(url("reminder_new") + "?about=session", said(), follow=True)
    rule = own_rules().get()
    assert not rule.active
    assert (rule.about, rule.days, rule.clock) == ("session", 1, time(18))
    assert page.context["count"] == 2
    assert page.context["persons"] == 2
    assert "Alice Ames" in text_of(page)
    assert "陈博" in text_of(page)
    assert "Mon 2 Nov 2026, 18:00" in text_of(page)
    assert "Tomorrow: Cities and the climate" in text_of(page)
    sweep(now=cast.venue_time(18, day=2))
    assert Reminder.objects.filter(rule=rule).count() == 0


def test_switched_on_it_works_and_off_it_takes_back(desk, conference, alice):
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    desk.post(url("reminder_new") + "?about=session", said())
    rule = own_rules().get()
    desk.post(url("reminder_switch", rule.pk), {"on": "1"})
    due = cast.venue_time(18, day=2)
    sweep(now=due)
    (letter,) = Message.objects.filter(reminders__rule=rule)
    desk.post(url("reminder_switch", rule.pk), {"on": "0"})
    letter.refresh_from_db()
    assert letter.state == "cancelled"
    assert letter.steps.latest("pk").rule == "reminder_other_time"
    assert deliver_all(due) == []
    assert list(
        AuditEntry.objects.filter(action__startswith="reminder.").values_list("action")
    ) == [
        ("reminder.switch_off",),
        ("reminder.switch_on",),
        ("reminder.create",),
    ]


def test_what_was_due_before_it_was_switched_on_is_not_missed(desk, conference, alice):
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    desk.post(url("reminder_new") + "?about=session", said(clock="08:00"))
    desk.post(url("reminder_switch", own_rules().get().pk), {"on": "1"})
    sweep(now=MORNING + MINUTE)
    sweep(now=cast.venue_time(12, day=2))
    assert Reminder.objects.count() == 0


def test_a_changed_text_reaches_letters_that_have_not_left(desk, conference, alice, mailoutbox):
    rule = make_rule(conference, timing="clock", days=1, clock=time(9))
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    sweep(now=MORNING)
    answer = desk.post(url("reminder_edit", rule.pk), said(clock="09:00", body_en="New words."))
    assert answer.status_code == 302
    sweep(now=MORNING)
    assert deliver_all(MORNING) == ["sent"]
    assert "New words." in mailoutbox[0].body
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("about", "fields", "sentence"),
    [
        ("session", {"subject_en": "Hello {password}"}, "There is no placeholder {password}."),
        ("answer", {"body_en": "In {place}"}, "There is no placeholder {place}."),
        ("session", {"body_zh": ""}, "Subject and text belong together"),
        ("session", {"clock": ""}, "Say at what time of day."),
        ("session", {"days": ""}, "Say how many days before or after."),
        ("session", {"timing": "span"}, "Say how long before or after."),
        (
            "session",
            {"timing": "span", "amount": "9000", "unit": "hours"},
            "A year is the longest.",
        ),
        (
            "session",
            dict.fromkeys(("subject_en", "body_en", "subject_zh", "body_zh"), ""),
            "Write the reminder in at least one language.",
        ),
        ("accreditation", {}, "This field is required."),
        ("answer", {"timing": "own"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk, conference, about, fields, sentence):
    texts = {"subject_en": "A", "body_en": "B", "subject_zh": "甲", "body_zh": "乙"}
    page = desk.post(url("reminder_new") + f"?about={about}", said(**(texts | fields)))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert 'value="The evening before"' in text_of(page)
    assert not own_rules().exists()


def test_a_session_of_another_conference_cannot_be_chosen(desk, conference):
    other = cast.make_session(cast.make_conference("other"))
    page = desk.post(url("reminder_new") + "?about=session", said(session=other.pk))
    assert page.status_code == 422


def test_a_rule_about_nothing_known_does_not_exist(desk, conference):
    assert desk.get(url("reminder_new") + "?about=weather").status_code == 404


@pytest.mark.parametrize("about", ["answer", "nomination", "accreditation", "session", "arrival"])
def test_every_kind_of_rule_begins_with_a_usual_text_that_can_be_saved(desk, conference, about):
    form = desk.get(url("reminder_new") + f"?about={about}").context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}
    fields = {name: value for name, value in fields.items() if value is not False}
    fields |= {"clock": "09:00", "name": "Usual"}
    if about == "accreditation":
        fields["until_day"] = "2026-11-02"
    assert desk.post(url("reminder_new") + f"?about={about}", fields).status_code == 302
    rule = own_rules().get()
    assert desk.get(url("reminder_rule", rule.pk)).status_code == 200
    edited = desk.get(url("reminder_edit", rule.pk)).context["form"]
    assert edited["clock"].value() == time(9)


def test_the_focal_point_of_an_unanswered_invitation_is_named(desk, conference):
    make_invitation(conference, cast.venue_time(18, day=3))
    rule = conference.reminder_rules.get(about="answer")
    ReminderRule.objects.filter(pk=rule.pk).update(days=0, clock=time(12))
    page = desk.get(url("reminder_rule", rule.pk))
    assert page.context["count"] == 1
    assert "Fay Focal" in text_of(page)


def test_a_rule_whose_time_has_passed_says_so_while_the_deadline_lies_ahead(desk, conference):
    make_invitation(conference, cast.venue_time(18, day=3))
    rule = conference.reminder_rules.get(about="answer")
    ReminderRule.objects.filter(pk=rule.pk).update(days=1, clock=time(8))
    page = desk.get(url("reminder_rule", rule.pk))
    assert page.context["passed"] == cast.venue_time(8, day=2)
    assert "choose a later time" in text_of(page)
    ReminderRule.objects.filter(pk=rule.pk).update(days=1, clock=time(12))
    page = desk.get(url("reminder_rule", rule.pk))
    assert (page.context["count"], page.context["passed"]) == (1, None)


def test_the_log_says_what_became_of_each_and_why(desk, conference, alice):
    rule = make_rule(conference, timing="clock", days=1, clock=time(8))
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    sweep(now=cast.venue_time(11, day=2))
    page = desk.get(url("reminder_log", rule.pk) + "?state=missed")
    assert "later than two hours" in text_of(page)
    assert [title for _one, title, *_rest in page.context["rows"]] == [session.title_en]
    (missed,) = Message.objects.filter(state="missed")
    assert reverse("conference:message_detail", args=["suzhou", missed.pk]) in text_of(page)
    listed = desk.get(url("reminder_list"))
    assert [row.missed for row, _when in listed.context["rows"] if row.pk == rule.pk] == [1]
    told = text_of(desk.get(reverse("conference:message_detail", args=["suzhou", missed.pk])))
    assert "later than two hours" in told
    assert "Cities and the climate · 2026-11-03 14:00 ← 2026-11-02 08:00 (Asia/Shanghai)" in told


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("Before each session · 场次开始前", "Before each session", "场次开始前"),
        ("Before lunch · and dinner", "Before lunch · and dinner", "Before lunch · and dinner"),
        ("午餐前 · 晚餐前", "午餐前 · 晚餐前", "午餐前 · 晚餐前"),
        ("Tomorrow", "Tomorrow", "Tomorrow"),
    ],
)
def test_a_rule_named_in_both_languages_is_called_by_the_readers_half(name, english, chinese):
    rule = ReminderRule(name=name)
    with translation.override("en"):
        assert rule.shown_name == english
    with translation.override("zh-hans"):
        assert rule.shown_name == chinese


def test_quiet_hours_are_set_and_what_is_planned_is_decided_anew(desk, conference, alice):
    make_rule(conference, timing="clock", days=1, clock=time(18))
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    sweep(now=MORNING)
    desk.post(
        url("reminder_habits"),
        {"quiet_from": "17:00", "quiet_until": "19:30", "together_minutes": "0"},
    )
    sweep(now=MORNING)
    assert Reminder.objects.get().send_at == cast.venue_time(19, 30, day=2)
    assert ReminderHabits.objects.get().together_minutes == 0
    assert AuditEntry.objects.filter(action="reminder.habits").count() == 1


def test_a_hidden_conference_says_that_nothing_is_sent(desk, conference):
    assert "Nothing is sent" not in text_of(desk.get(url("reminder_list")))
    Conference.objects.update(published=False)
    assert "Nothing is sent" in text_of(desk.get(url("reminder_list")))


def test_the_pages_ask_the_same_for_one_person_and_for_three(
    *, desk, conference, alice, bo, carl, django_assert_max_num_queries
):
    rule = make_rule(conference, timing="clock", days=1, clock=time(18))
    session = cast.make_session(conference)
    take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    addresses = [url("reminder_list"), url("reminder_rule", rule.pk), url("reminder_log", rule.pk)]
    sweep(now=MORNING)
    with CaptureQueriesContext(connection) as asked:
        for address in addresses:
            desk.get(address)
    for one in (bo, carl):
        take_seat(session_id=session.pk, delegate_id=one.pk, now=cast.NOW)
    sweep(now=MORNING)
    with django_assert_max_num_queries(len(asked)):
        for address in addresses:
            desk.get(address)
