"""The same letter is sent from several screens at once: everybody gets it once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from conference.models import Campaign, Message
from conference.operations import campaigning, mailing
from conference.operations.mailing import claiming
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import answering, life
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


def chosen(conference, *, letters):
    """Return letters to everybody, each ticked."""
    ids = list(Delegation.objects.values_list("pk", flat=True))
    made = [make_letter(conference, name=f"Letter {number}") for number in range(letters)]
    for campaign in made:
        campaigning.choose(campaign=campaign, chosen=ids, answer_by=DEADLINE, now=NOW)
    return made


def again(campaign):
    return Campaign.objects.select_related("conference").get(pk=campaign.pk)


def expand():
    return campaigning.expand_due(clock=lambda: NOW)


def start(campaign):
    campaigning.start(campaign=again(campaign), now=NOW)
    return expand()


@pytest.mark.parametrize("letters", [1, SCREENS])
def test_a_double_send_makes_one_invitation_one_link_and_one_letter_each(conference, letters):
    made = chosen(conference, letters=letters)
    told = at_once(*[or_code(partial(start, made[n % letters])) for n in range(SCREENS)])
    assert told.count("campaign_step_refused") == SCREENS - letters
    expand()
    assert Invitation.objects.count() == Message.objects.count() == PLACES
    assert PersonalLink.objects.count() == PLACES
    states = set(Campaign.objects.values_list("expanded_at", flat=True))
    assert states == {NOW}


def handed_over(worker):
    """Take letters as a worker does, up to the text; return whose went over the line."""
    taken = mailing.claim_handful(worker=worker, now=NOW, limit=3)
    gone = [each for each in taken if claiming.begin(each, now=NOW)]
    for each in gone:
        claiming.accept(each, now=NOW, answer="250")
    return len(gone)


def invited():
    return Invitation.objects.exclude(sent_at=None).count()


@pytest.mark.parametrize("_attempt", range(3))
def test_against_a_worker_a_cancelled_letter_is_sent_or_its_invitation_is_a_draft(
    conference, _attempt
):
    (campaign,) = chosen(conference, letters=1)
    start(campaign)
    stopped, *gone = at_once(
        lambda: campaigning.cancel(campaign=again(campaign), now=NOW),
        *[partial(handed_over, f"w{number}") for number in range(3)],
    )
    assert stopped + sum(gone) == PLACES
    assert invited() == sum(gone)
    drafts = Invitation.objects.filter(state="draft", campaign=None)
    assert (drafts.count(), reminding_list(conference)) == (stopped, sum(gone))


def reminding_list(conference):
    """Return how many a reminder to everybody would go to."""
    reminder = make_letter(conference, purpose="invitation_reminder", name="Reminder")
    ids = list(Delegation.objects.values_list("pk", flat=True))
    campaigning.choose(campaign=reminder, chosen=ids, answer_by=None, now=NOW)
    return len(campaigning.recipients_of(reminder).reached)


@pytest.mark.parametrize("_attempt", range(3))
def test_against_a_worker_a_pause_leaves_drafts_that_go_on_later_once(conference, _attempt):
    (campaign,) = chosen(conference, letters=1)
    start(campaign)
    _paused, *gone = at_once(
        lambda: campaigning.pause(campaign=again(campaign), now=NOW),
        *[partial(handed_over, f"w{number}") for number in range(3)],
    )
    assert invited() == sum(gone)
    assert mailing.claim_handful(worker="late", now=NOW) == []
    # What the workers held is theirs until the lease ends, and not before.
    later = NOW + 2 * claiming.lease()
    campaigning.resume(campaign=again(campaign), now=later)
    rest = mailing.claim_handful(worker="next", now=later)
    for each in rest:
        assert claiming.begin(each, now=later)
        claiming.accept(each, now=later, answer="250")
    assert sum(gone) + len(rest) == PLACES == invited()


def test_what_was_cancelled_goes_out_once_by_either_of_two_letters(conference):
    first, second = chosen(conference, letters=2)
    start(first)
    campaigning.cancel(campaign=again(first), now=NOW)
    at_once(*[or_code(partial(start, campaign)) for campaign in (first, second)])
    expand()
    live = Message.objects.exclude(state="cancelled")
    assert (live.count(), live.values("recipient").distinct().count()) == (PLACES, PLACES)
    by_letter = Invitation.objects.values_list("campaign", flat=True)
    assert set(by_letter) == set(live.values_list("campaign", flat=True))


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
    (message,) = send(make_letter(conference), place)
    invitation = Invitation.objects.get()
    bounce = mailing.Outcome(message=message, kind="bounced", at=NOW, answer="550")

    def report():
        with transaction.atomic():
            mailing.tell(bounce)

    said = at_once(report, answerer(invitation, "accepted"), report)
    assert "accepted" in said
    assert fresh(invitation).state == "accepted"
    assert fresh(invitation).steps.filter(kind="bounced").count() == 1
