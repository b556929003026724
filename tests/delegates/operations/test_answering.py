from datetime import timedelta

import pytest

from conference.models import AuditEntry
from delegates.errors import InvitationAlreadyOpen, InvitationRefused
from delegates.models import Invitation
from delegates.operations import answering, life
from tests.delegates.inviting_cast import DEADLINE, FAY, NOW, invite


def reply(invitation, word, now=NOW, note=""):
    return answering.answer(invitation=invitation, reply=word, now=now, note=note, by=FAY)


@pytest.mark.parametrize("word", answering.ANSWERS)
def test_an_answer_is_kept_with_who_gave_it_and_when(california, word):
    invitation = reply(invite(california), word, note=" Two cars. ")
    assert (invitation.state, invitation.answered_at) == (word, NOW)
    assert (invitation.answered_by, invitation.answer_note) == ("fay@state.example", "Two cars.")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_label) == (f"invitation.{word}", "fay@state.example")


def test_an_answer_can_be_changed_until_it_is_due(california):
    invitation = reply(invite(california), "declined")
    assert reply(invitation, "accepted").state == "accepted"


def test_an_answer_after_the_deadline_is_refused_and_changes_nothing(california):
    with pytest.raises(InvitationRefused, match="deadline") as refusal:
        reply(invite(california), "accepted", now=DEADLINE)
    assert refusal.value.params["reason"] == "expired"
    assert Invitation.objects.get().state == "sent"


def test_a_withdrawn_invitation_cannot_be_answered(california):
    with pytest.raises(InvitationRefused):
        reply(invite(california, "cancelled"), "accepted")


def test_nothing_is_answered_after_the_conference(california):
    with pytest.raises(InvitationRefused, match="over"):
        reply(invite(california, deadline=None), "accepted", now=NOW + timedelta(days=90))


def test_a_declined_invitation_does_not_come_back_beside_a_new_one(california):
    old = invite(california, "declined")
    invite(california)
    with pytest.raises(InvitationAlreadyOpen):
        reply(old, "accepted")


def test_only_the_three_answers_are_answers(california):
    with pytest.raises(ValueError, match="cancelled"):
        reply(invite(california), "cancelled")


def test_an_answer_by_phone_is_taken_after_the_deadline(california, organiser):
    invite(california)
    invitation = answering.record_answer(
        delegation=california,
        reply="tentative",
        note="Ms. Lee called",
        now=DEADLINE + timedelta(days=1),
        actor=organiser,
    )
    assert (invitation.state, invitation.answered_by) == ("tentative", "organiser@example.org")


def test_an_answer_by_phone_from_somebody_not_invited_makes_the_invitation(california, organiser):
    invitation = answering.record_answer(
        delegation=california, reply="accepted", note="", now=NOW, actor=organiser
    )
    assert (invitation.state, invitation.sent_at) == ("accepted", NOW)


def test_the_first_opening_is_kept_and_a_later_one_changes_nothing(california):
    invitation = invite(california)
    assert life.mark_opened(invitation=invitation, now=NOW)
    assert not life.mark_opened(invitation=invitation, now=NOW + timedelta(hours=1))
    kept = Invitation.objects.get()
    assert (kept.state, kept.opened_at) == ("opened", NOW)


def test_opening_does_not_undo_an_answer(california):
    invitation = invite(california, "accepted")
    life.mark_opened(invitation=invitation, now=NOW)
    assert Invitation.objects.get().state == "accepted"
