from datetime import timedelta

import pytest

from conference.models import AuditEntry, Message
from conference.operations import mailing
from delegates.errors import LetterNotReady
from delegates.models import Invitation
from delegates.operations import answering, linking
from tests.delegates.inviting_cast import (
    DEADLINE,
    FAY,
    NOW,
    give_focal_point,
    make_letter,
    queue,
    send,
)

LATER = NOW + timedelta(days=7)


@pytest.fixture
def reminder(conference):
    return make_letter(conference, name="Reminder", purpose="invitation_reminder")


@pytest.fixture
def invited(conference, california, jiangsu):
    give_focal_point(california)
    give_focal_point(jiangsu, "wai.ban@province.example", "王建国", "zh-hans")
    send(make_letter(conference), california, jiangsu)
    return california, jiangsu


def remind(campaign, *delegations, now=LATER):
    return queue(campaign, *delegations, now=now, deadline=None)


def answer(delegation, reply="accepted", now=LATER):
    return answering.answer(
        invitation=Invitation.objects.get(delegation=delegation),
        reply=reply,
        now=now,
        by=FAY,
    )


def token_in(message):
    return message.body_text.split("/delegation/link/")[1].split("/")[0]


def test_those_who_owe_an_answer_get_one_reminder_with_a_link_to_their_invitation(
    reminder, invited
):
    sent = remind(reminder, *invited)
    assert [message.to_email for message in sent] == [
        "focal@state.example",
        "wai.ban@province.example",
    ]
    link = linking.find(token=token_in(sent[0]), purpose="invitation", now=LATER)
    assert link.invitation == Invitation.objects.get(delegation=invited[0])
    assert AuditEntry.objects.filter(action="mailing.start").count() == 2


def test_the_link_of_the_invitation_keeps_working(reminder, invited):
    first = Message.objects.get(to_email="focal@state.example")
    remind(reminder, *invited)
    assert linking.find(token=token_in(first), purpose="invitation", now=LATER)


def test_the_same_reminder_is_never_sent_twice_and_a_new_one_may_be(reminder, invited, conference):
    remind(reminder, *invited)
    Message.objects.update(state="sent", sent_at=NOW)
    mailing.finish_mailings()
    assert remind(reminder, *invited) == []
    second = make_letter(conference, name="Last call", purpose="invitation_reminder")
    assert len(remind(second, *invited)) == 2


@pytest.mark.parametrize("reply", answering.ANSWERS)
def test_whoever_has_answered_is_not_reminded(reminder, invited, reply):
    answer(invited[0], reply)
    assert [message.to_email for message in remind(reminder, *invited)] == [
        "wai.ban@province.example"
    ]


def test_whoever_was_never_invited_is_not_reminded(reminder, california):
    give_focal_point(california)
    assert remind(reminder, california) == []
    assert Invitation.objects.count() == 0


def test_nobody_is_reminded_of_a_deadline_that_has_passed(reminder, invited):
    assert remind(reminder, *invited, now=DEADLINE) == []


def test_a_reminder_needs_a_text(conference, invited):
    blank = make_letter(conference, body_en="", body_zh="", purpose="invitation_reminder")
    with pytest.raises(LetterNotReady):
        remind(blank, *invited)


def test_an_answer_that_comes_before_the_worker_stops_the_reminder(reminder, invited):
    first, second = remind(reminder, *invited)
    answer(invited[0])
    assert mailing.deliver(message_id=first.pk, worker="w", now=LATER) == "cancelled"
    assert mailing.deliver(message_id=second.pk, worker="w", now=LATER) == "sent"
