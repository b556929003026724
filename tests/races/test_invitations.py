"""The same letter is sent from several screens at once: everybody gets it once."""

from datetime import timedelta

import pytest
from django.db import transaction

from conference.models import Campaign, Message
from conference.operations import mailing
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import answering, inviting, life
from delegates.operations.life import By
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.inviting_cast import DEADLINE, NOW, give_focal_point, invite, make_letter, send
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SCREENS = 6
PLACES = 8


@pytest.fixture
def conference():
    conference = make_conference("race-2023")
    for number in range(PLACES):
        place = make_delegation(conference, f"State {number}", "", "US", f"US-R{number}")
        give_focal_point(place, f"focal{number}@state.example")
    return conference


def sender(letter_id, ids):
    def send():
        return inviting.send_letter(
            campaign=Campaign.objects.select_related("conference").get(pk=letter_id),
            delegation_ids=ids,
            deadline=DEADLINE,
            now=NOW,
        )

    return send


@pytest.mark.parametrize("letters", [1, SCREENS])
def test_a_double_send_makes_one_invitation_one_link_and_one_letter_each(conference, letters):
    texts = [make_letter(conference, name=f"Letter {number}").pk for number in range(letters)]
    ids = list(Delegation.objects.values_list("pk", flat=True))
    deeds = [
        # Ticked in another order on every second screen: nobody may wait for each other in a ring.
        sender(texts[number % letters], ids if number % 2 else ids[::-1])
        for number in range(SCREENS)
    ]
    outcomes = at_once(*deeds)
    assert sum(len(outcome.queued) for outcome in outcomes) == PLACES
    assert all(len(outcome.queued) + len(outcome.already_invited) == PLACES for outcome in outcomes)
    assert Invitation.objects.count() == Message.objects.count() == PLACES
    assert PersonalLink.objects.count() == PLACES


def fresh(invitation):
    return Invitation.objects.select_related("conference").get(pk=invitation.pk)


def answerer(invitation, reply, now=NOW, seen=None):
    def give():
        return answering.answer(
            invitation=fresh(invitation),
            reply=reply,
            now=now,
            by=By(who=f"{reply}@state.example"),
            seen=seen,
        ).state

    return or_code(give)


def test_of_answers_given_at_once_one_stands_and_the_others_are_told(conference):
    invitation = invite(Delegation.objects.first())
    said = at_once(*[answerer(invitation, reply, seen=0) for reply in answering.ANSWERS])
    kept = fresh(invitation)
    assert sorted(said) == sorted([kept.state, "answer_overtaken", "answer_overtaken"])
    assert kept.answered_by == f"{kept.state}@state.example"
    assert [step.kind for step in kept.steps.all()] == [kept.state]


@pytest.mark.parametrize("_attempt", range(5))
def test_an_answer_in_time_stands_against_the_sweep(conference, _attempt):
    invitations = [invite(delegation) for delegation in Delegation.objects.all()]
    in_time = DEADLINE - timedelta(microseconds=1)
    answers = [answerer(invitation, "accepted", now=in_time) for invitation in invitations]
    sweeps = [lambda: life.expire_overdue(now=DEADLINE)] * 2
    said = at_once(*answers[:4], *sweeps, *answers[4:])
    # Whoever read it expired already is told so; nobody who was thanked is expired afterwards.
    thanked = said.count("accepted")
    states = list(Invitation.objects.values_list("state", flat=True))
    assert states.count("accepted") == thanked
    assert states.count("expired") == PLACES - thanked
    for invitation in invitations:
        assert fresh(invitation).steps.filter(kind="expired").count() <= 1


@pytest.mark.parametrize("_attempt", range(5))
def test_a_bounce_at_the_same_instant_leaves_the_answer(conference, _attempt):
    place = Delegation.objects.first()
    message = send(make_letter(conference), place).queued[0]
    invitation = Invitation.objects.get()
    bounce = mailing.Outcome(message=message, kind="bounced", at=NOW, answer="550")

    def report():
        with transaction.atomic():
            mailing.tell(bounce)

    said = at_once(report, answerer(invitation, "accepted"), report)
    assert "accepted" in said
    assert fresh(invitation).state == "accepted"
    assert fresh(invitation).steps.filter(kind="bounced").count() == 1
