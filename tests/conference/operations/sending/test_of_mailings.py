"""A mailing that is paused, planned or cancelled keeps its letters back."""

import pytest

from conference.models import Campaign, Message
from conference.operations import mailing
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import kinds, send, write


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_mailing_is_stopped_within_the_letter(suzhou, server, mailing_of, state):
    campaign = mailing_of()
    for name in ("anna", "bo", "carla"):
        write(suzhou, name, campaign=campaign)

    def clock():
        if server.messages:
            Campaign.objects.update(state=state)
        return NOW

    mailing.send_due(worker="w1", clock=clock)
    first, *rest = Message.objects.order_by("pk")
    assert (first.state, len(server.messages)) == ("sent", 1)
    assert {each.state for each in rest} == {{"paused": "queued"}.get(state, state)}
    assert "released" in kinds(rest[0]) or state == "cancelled"


@pytest.mark.parametrize("state", ["paused", "scheduled"])
def test_letters_of_a_mailing_that_is_held_back_stay(suzhou, server, mailing_of, state):
    campaign = mailing_of()
    letter = write(suzhou, "anna", campaign=campaign)
    Campaign.objects.update(
        state=state, send_date=NOW.date(), send_time=NOW.time(), send_zone="UTC"
    )
    assert send().ends == {}
    assert mailing.claim(message_id=letter.pk, worker="w", now=NOW) is None
    Campaign.objects.update(state="sending")
    assert send().sent == 1


def test_the_rest_of_a_cancelled_mailing_does_not_leave(suzhou, server, mailing_of):
    letter = write(suzhou, "anna", campaign=mailing_of(state="cancelled"))
    send()
    letter.refresh_from_db()
    assert (letter.state, server.messages) == ("cancelled", [])
    assert mailing.steps_of(letter)[-1].rule == "mailing_cancelled"
