from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from conference.models import AuditEntry, Message
from conference.operations import mailing
from delegates.errors import AnswerOvertaken, InvitationAlreadyOpen, InvitationNotExpired
from delegates.models import Invitation, InvitationStep
from delegates.operations import answering, inviting, life, reminding
from tests.delegates.inviting_cast import (
    DEADLINE,
    FAY,
    NOW,
    give_focal_point,
    invite,
    make_letter,
    send,
)

LATER = NOW + timedelta(hours=1)


def kinds(invitation):
    return list(invitation.steps.order_by("pk").values_list("kind", flat=True))


def state_of(invitation):
    return Invitation.objects.get(pk=invitation.pk).state


@pytest.fixture
def sent(conference, california):
    """California's invitation, sent by letter, and the letter."""
    give_focal_point(california)
    (message,) = send(make_letter(conference), california)
    return Invitation.objects.get(), message


def report(message, kind, at=LATER, answer="550 no such user"):
    mailing.tell(mailing.Outcome(message=message, kind=kind, at=at, answer=answer))


def test_a_letter_is_sent_delivered_opened_answered_and_each_step_is_kept(sent):
    invitation, message = sent
    report(message, "delivered", answer="250")
    assert state_of(invitation) == "delivered"
    life.mark_opened(invitation=invitation, now=LATER, by=FAY)
    assert state_of(invitation) == "opened"
    answering.answer(invitation=invitation, reply="accepted", now=LATER, by=FAY)
    assert kinds(invitation) == ["sent", "delivered", "opened", "accepted"]
    last = invitation.steps.order_by("pk").last()
    assert (last.party, last.way, last.who, last.at) == (
        "focal_point",
        "link",
        "fay@state.example",
        LATER,
    )


def test_a_letter_that_comes_back_shows_and_sending_it_anew_begins_again(sent, organiser):
    invitation, message = sent
    report(message, "bounced")
    assert state_of(invitation) == "bounced"
    assert invitation.steps.last().note == "550 no such user"
    give_focal_point(invitation.delegation, "new@state.example")
    invitation = Invitation.objects.get()
    inviting.send_again(invitation=invitation, now=LATER, actor=organiser)
    assert state_of(invitation) == "sent"
    report(message, "bounced", at=LATER)
    assert state_of(invitation) == "sent", "the former letter says nothing of the new address"


@pytest.mark.parametrize("reply", answering.ANSWERS)
def test_a_bounce_never_overwrites_an_answer(sent, reply):
    invitation, message = sent
    answering.answer(invitation=invitation, reply=reply, now=NOW, by=FAY)
    report(message, "bounced")
    assert state_of(invitation) == reply
    assert kinds(invitation) == ["sent", reply, "bounced"]


def test_a_bounce_does_not_undo_that_a_person_has_read_it(sent):
    invitation, message = sent
    life.mark_opened(invitation=invitation, now=NOW)
    report(message, "bounced")
    assert state_of(invitation) == "opened"


def test_the_same_report_twice_is_one_step(sent):
    invitation, message = sent
    report(message, "bounced")
    report(message, "bounced", at=LATER + timedelta(hours=1))
    assert kinds(invitation) == ["sent", "bounced"]


def test_a_letter_that_is_only_late_changes_nothing(sent):
    invitation, message = sent
    report(message, "retry_later")
    assert (state_of(invitation), kinds(invitation)) == ("sent", ["sent"])


def test_the_database_itself_keeps_answers_from_what_happens_to_letters(california):
    invitation = invite(california, "accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(state="bounced")


@pytest.mark.parametrize("state", Invitation.WAITING_STATES)
def test_what_is_due_without_an_answer_expires_once(california, state):
    invitation = invite(california, state)
    assert life.expire_overdue(now=DEADLINE - timedelta(seconds=1)) == 0
    assert life.expire_overdue(now=DEADLINE) == 1
    assert life.expire_overdue(now=DEADLINE + timedelta(days=1)) == 0
    assert (state_of(invitation), kinds(invitation)) == ("expired", ["expired"])


@pytest.mark.parametrize("state", ["accepted", "tentative", "declined", "cancelled", "draft"])
def test_nothing_else_expires(california, state):
    invitation = invite(california, state)
    assert life.expire_overdue(now=DEADLINE + timedelta(days=1)) == 0
    assert state_of(invitation) == state


def test_an_answer_given_in_time_counts_though_the_sweep_was_faster(california):
    invitation = invite(california)
    life.expire_overdue(now=DEADLINE)
    answering.answer(
        invitation=invitation, reply="accepted", now=DEADLINE - timedelta(seconds=1), by=FAY
    )
    assert state_of(invitation) == "accepted"


def test_an_expired_invitation_is_opened_again_with_one_press(california, organiser):
    invitation = invite(california, opened_at=NOW)
    life.expire_overdue(now=DEADLINE)
    until = DEADLINE + timedelta(days=3)
    expired = Invitation.objects.get()
    life.reopen(invitation=expired, deadline=until, now=DEADLINE, actor=organiser)
    assert (state_of(invitation), kinds(invitation)) == ("opened", ["expired", "reopened"])
    assert AuditEntry.objects.get().action == "invitation.reopen"
    with pytest.raises(InvitationNotExpired):
        life.reopen(invitation=expired, deadline=until, now=DEADLINE, actor=organiser)
    answering.answer(invitation=Invitation.objects.get(), reply="accepted", now=DEADLINE, by=FAY)
    assert state_of(invitation) == "accepted"


def test_more_time_opens_an_expired_invitation_again(california, organiser):
    invite(california, "expired")
    inviting.give_more_time(
        invitation=Invitation.objects.get(),
        deadline=DEADLINE + timedelta(days=1),
        now=DEADLINE,
        actor=organiser,
    )
    assert Invitation.objects.get().state == "sent"


def test_an_expired_invitation_stays_so_beside_a_newer_one(california, organiser):
    expired = invite(california, "expired")
    invite(california)
    with pytest.raises(InvitationAlreadyOpen):
        life.reopen(invitation=expired, deadline=DEADLINE, now=NOW, actor=organiser)


def test_a_tentative_answer_names_its_day_and_may_be_changed_until_then(california):
    invitation = invite(california)
    day = date(2023, 10, 25)
    answering.answer(invitation=invitation, reply="tentative", know_by=day, now=NOW, by=FAY)
    kept = Invitation.objects.get()
    assert kept.know_by == day
    assert kept.answer_until.isoformat() == "2023-10-25T23:59:59.999999+08:00"
    after = DEADLINE + timedelta(days=4)
    answering.answer(invitation=kept, reply="accepted", now=after, by=FAY)
    kept = Invitation.objects.get()
    assert (kept.state, kept.know_by) == ("accepted", None)


def test_only_a_tentative_answer_has_a_day(california):
    invitation = invite(california)
    answering.answer(
        invitation=invitation, reply="declined", know_by=date(2023, 10, 25), now=NOW, by=FAY
    )
    assert Invitation.objects.get().know_by is None


def test_who_will_know_by_a_day_is_asked_from_that_day_on(california):
    give_focal_point(california)
    invitation = invite(california)
    answering.answer(
        invitation=invitation, reply="tentative", know_by=date(2023, 10, 10), now=NOW, by=FAY
    )
    assert reminding.waiting_invitation(california, NOW) is None
    asked = reminding.waiting_invitation(california, NOW + timedelta(days=9))
    assert asked == invitation


def test_an_answer_from_a_stale_page_does_not_replace_a_newer_one_unseen(california):
    invitation = invite(california)
    answering.answer(invitation=invitation, reply="accepted", now=NOW, by=FAY, seen=0)
    with pytest.raises(AnswerOvertaken):
        answering.answer(invitation=invitation, reply="declined", now=LATER, by=FAY, seen=0)
    assert state_of(invitation) == "accepted"
    answering.answer(invitation=invitation, reply="declined", now=LATER, by=FAY, seen=1)
    assert state_of(invitation) == "declined"


def test_a_reminder_of_an_expired_invitation_stays_away(sent):
    _invitation, message = sent
    life.expire_overdue(now=DEADLINE)
    assert reminding.last_look(message, DEADLINE) == Message.State.CANCELLED


def test_a_printed_letter_is_a_step_on_paper(conference, california, organiser):
    inviting.invite_on_paper(
        campaign=make_letter(conference),
        delegation=california,
        deadline=DEADLINE,
        now=NOW,
        actor=organiser,
    )
    step = InvitationStep.objects.get()
    assert (step.kind, step.party, step.way) == ("sent", "organiser", "paper")
