"""What happened to a letter is told step by step, and the telling is never changed."""

import pytest
from django.db import DatabaseError, transaction

from conference.models import MessageStep
from conference.operations import mailing
from conference.operations.mailing import claiming
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import SOON, kinds, send, write


def test_each_step_of_a_letter_can_be_told_afterwards(suzhou, server):
    letter = write(suzhou, "anna")
    send(SOON)
    steps = mailing.steps_of(letter)
    assert [step.kind for step in steps] == ["queued", "claimed", "handed_over", "accepted"]
    assert [step.worker for step in steps] == ["", "w1", "w1", "w1"]
    assert (steps[-1].answer, steps[-1].at) == ("250 OK", SOON)
    assert all(mailing.words(step.rule) for step in steps)


@pytest.mark.parametrize("change", [{"answer": "251"}, {"kind": "accepted"}, {"at": SOON}])
def test_a_step_is_never_changed(suzhou, change):
    letter = write(suzhou, "anna")
    with pytest.raises(DatabaseError), transaction.atomic():
        MessageStep.objects.filter(message=letter).update(**change)
    with pytest.raises(TypeError):
        mailing.steps_of(letter)[0].save()


def test_an_answer_that_is_kept_already_is_not_kept_twice(suzhou):
    letter = write(suzhou, "anna")
    held = mailing.claim(message_id=letter.pk, worker="w1", now=NOW)
    claiming.begin(held, now=NOW)
    for _connection in range(2):
        claiming.accept(held, now=SOON, answer="250 OK")
    assert kinds(letter) == ["queued", "claimed", "handed_over", "accepted"]
