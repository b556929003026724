"""The same letter is sent from several screens at once: everybody gets it once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from conference.models import Campaign, Message
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import answering, inviting
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.inviting_cast import DEADLINE, NOW, give_focal_point, invite, make_letter

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SCREENS = 6
PLACES = 8


def at_once(deeds):
    """Do the deeds at the same instant, each in its own thread and connection."""
    start = Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


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
    outcomes = at_once(deeds)
    assert sum(len(outcome.queued) for outcome in outcomes) == PLACES
    assert all(len(outcome.queued) + len(outcome.already_invited) == PLACES for outcome in outcomes)
    assert Invitation.objects.count() == Message.objects.count() == PLACES
    assert PersonalLink.objects.count() == PLACES


def test_of_answers_given_at_once_the_one_that_stands_is_whole(conference):
    invitation = invite(Delegation.objects.first())

    def answerer(reply):
        return lambda: answering.answer(
            invitation=Invitation.objects.select_related("conference").get(pk=invitation.pk),
            reply=reply,
            now=NOW,
            answered_by=f"{reply}@state.example",
        )

    at_once([answerer(reply) for reply in answering.ANSWERS])
    kept = Invitation.objects.get(pk=invitation.pk)
    assert kept.answered_by == f"{kept.state}@state.example"
