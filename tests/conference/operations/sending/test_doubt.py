"""A line or a worker that breaks in the middle: nobody knows, and that is said and decided."""

from datetime import timedelta

import pytest

from conference.errors import MessageNotInDoubt
from conference.models import Message, MessageStep
from conference.operations import mailing
from conference.operations.mailing import claiming
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import SOON, after_lease, kinds, send, write


@pytest.mark.parametrize("when", ["hang up before it is kept", "hang up after it is kept"])
def test_a_line_that_breaks_in_the_middle_leaves_a_doubt_that_is_resent(suzhou, server, when):
    server.moods = {"anna@city.example": when}
    letter = write(suzhou, "anna")
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.is_doubtful) == ("queued", True)
    server.moods = {}
    send(letter.due_at)
    assert kinds(letter) == [
        *("queued", "claimed", "handed_over", "uncertain"),
        *("claimed", "resent", "accepted"),
    ]
    assert {mail["Message-ID"] for mail in server.messages} == {letter.message_id}


def test_a_doubtful_letter_is_held_where_its_mailing_says_so(suzhou, server, mailing_of):
    server.moods = {"anna@city.example": "hang up after it is kept"}
    letter = write(suzhou, "anna", campaign=mailing_of(on_doubt="hold"))
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("uncertain", None)
    assert send(NOW + timedelta(days=1)).ends == {}
    assert len(server.messages) == 1
    mailing.settle(message_id=letter.pk, now=SOON)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", NOW)
    with pytest.raises(MessageNotInDoubt):
        mailing.settle(message_id=letter.pk, now=SOON)


def test_a_held_letter_that_a_person_sends_again_is_marked_as_a_repeat(suzhou, server, organiser):
    server.moods = {"anna@city.example": "hang up before it is kept"}
    letter = write(suzhou, "anna", on_doubt="hold")
    send()
    server.moods = {}
    mailing.retry(message_id=letter.pk, now=SOON, actor=organiser)
    send(SOON)
    assert kinds(letter)[-4:] == ["retried", "claimed", "resent", "accepted"]
    assert MessageStep.objects.get(kind="retried").actor == organiser


@pytest.mark.parametrize("on_doubt", ["resend", "hold"])
def test_a_worker_that_died_in_the_middle_leaves_a_doubt(suzhou, server, on_doubt):
    letter = write(suzhou, "anna", on_doubt=on_doubt)
    claiming.begin(mailing.claim(message_id=letter.pk, worker="dead", now=NOW), now=NOW)
    assert mailing.hold_doubtful(now=SOON) == 0
    assert mailing.hold_doubtful(now=after_lease()) == (on_doubt == "hold")
    send(after_lease())
    letter.refresh_from_db()
    assert letter.state == {"hold": "uncertain", "resend": "sent"}[on_doubt]
    doubt = MessageStep.objects.get(message=letter, kind="uncertain")
    assert (doubt.worker, doubt.rule) == ("dead", f"doubt_{on_doubt}")
    assert ("resent" in kinds(letter)) is (on_doubt == "resend")


@pytest.mark.parametrize("on_doubt", ["resend", "hold"])
def test_an_answer_that_comes_late_counts_all_the_same(suzhou, server, on_doubt):
    letter = write(suzhou, "anna", on_doubt=on_doubt)
    slept = mailing.claim(message_id=letter.pk, worker="slept", now=NOW)
    claiming.begin(slept, now=NOW)
    mailing.hold_doubtful(now=after_lease())
    quicker = mailing.claim(message_id=letter.pk, worker="quicker", now=after_lease())
    claiming.accept(slept, now=after_lease(), answer="250 OK")
    letter.refresh_from_db()
    assert (letter.state, letter.server_answer) == ("sent", "250 OK")
    assert mailing.steps_of(letter)[-1].rule == "late_word"
    assert (quicker is None) is (on_doubt == "hold")
    assert quicker is None or not claiming.begin(quicker, now=after_lease())


@pytest.mark.parametrize("end", ["failed", "cancelled", "missed", "queued"])
def test_an_answer_that_comes_late_ends_the_doubt_whatever_was_decided_since(suzhou, end):
    letter = write(suzhou, "anna")
    slept = mailing.claim(message_id=letter.pk, worker="slept", now=NOW)
    claiming.begin(slept, now=NOW)
    quicker = mailing.claim(message_id=letter.pk, worker="quicker", now=after_lease())
    claiming.finish(quicker, now=after_lease(), kind="refused", rule="permanent", state=end)
    claiming.accept(slept, now=after_lease(), answer="250 OK")
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", after_lease())


def test_a_doubt_at_the_last_attempt_is_told_and_a_retry_of_it_is_marked_as_a_repeat(
    suzhou, server
):
    server.moods = {"anna@city.example": "hang up after it is kept"}
    letter = write(suzhou, "anna")
    Message.objects.update(attempts=len(mailing.RETRY_LADDER))
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.is_doubtful) == ("failed", True)
    assert kinds(letter)[-1] == "uncertain"
    server.moods = {}
    mailing.retry_all(letters=Message.objects.all(), now=SOON)
    send(SOON)
    assert kinds(letter)[-2:] == ["resent", "accepted"]


def test_a_letter_over_whose_text_workers_die_is_in_doubt_when_it_is_given_up(suzhou):
    letter = write(suzhou, "anna")
    Message.objects.update(attempts=30, abandoned=30)
    claiming.begin(mailing.claim(message_id=letter.pk, worker="dead", now=NOW), now=NOW)
    assert mailing.claim_handful(worker="w", now=after_lease()) == []
    letter.refresh_from_db()
    assert (letter.state, letter.is_doubtful) == ("failed", True)
