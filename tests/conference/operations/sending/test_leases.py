"""A worker holds a letter for a time: after it others may take it, and it may do no more."""

from datetime import timedelta

import pytest

from conference.models import Message, MessageStep
from conference.operations import mailing
from conference.operations.mailing import claiming
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import after_lease, kinds, send, states, write


def test_a_worker_that_died_before_it_began_leaves_no_doubt(suzhou, server):
    letter = write(suzhou, "anna", on_doubt="hold")
    mailing.claim(message_id=letter.pk, worker="dead", now=NOW)
    assert send(NOW + timedelta(seconds=5)).ends == {}
    assert send(after_lease()).sent == 1
    assert kinds(letter) == [
        *("queued", "claimed"),
        *("released", "claimed", "handed_over", "accepted"),
    ]
    left = mailing.steps_of(letter)[2]
    assert (left.rule, left.worker) == ("left_behind", "dead")


def test_a_late_worker_neither_sends_nor_writes(suzhou, server):
    letter = write(suzhou, "anna")
    late = mailing.claim(message_id=letter.pk, worker="late", now=NOW)
    send(after_lease())
    assert not claiming.begin(late, now=after_lease())
    assert not claiming.finish(late, now=NOW, kind="refused", rule="", state="failed")
    claiming.release([late], now=NOW)
    letter.refresh_from_db()
    assert (letter.state, len(server.messages)) == ("sent", 1)


def test_nothing_begins_after_the_lease_has_run_out(suzhou):
    letter = write(suzhou, "anna")
    held = mailing.claim(message_id=letter.pk, worker="slow", now=NOW)
    assert not claiming.begin(held, now=after_lease())


def test_letters_behind_a_slow_server_are_given_back_before_their_lease_ends(suzhou, server):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    handfuls = mailing.lease() / 3
    ticks = iter(range(1000))
    turn = mailing.send_due(worker="w1", clock=lambda: NOW + handfuls / 4 * next(ticks))
    assert turn.ends == {"sent": 3}
    assert MessageStep.objects.filter(kind="released").exists()
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_a_letter_that_kills_its_worker_keeps_none_of_its_handful_back(suzhou, server):
    deadly, _bo, _carla = (write(suzhou, name) for name in ("anna", "bo", "carla"))
    now = NOW
    for _death in range(60):
        taken = mailing.claim_handful(worker="w", now=now)
        # The worker dies over this one, and leaves what else it holds.
        for letter in taken[: [*taken, deadly].index(deadly)]:
            claiming.finish(letter, now=now, kind="accepted", rule="", state="sent", sent_at=now)
        now += mailing.lease() + timedelta(seconds=1)
    assert states() == {"Anna": "failed", "Bo": "sent", "Carla": "sent"}
    assert mailing.steps_of(deadly)[-1].rule == "workers_died"
    deadly.refresh_from_db()
    assert (deadly.claimed_by, deadly.is_doubtful) == ("", False)
    assert (deadly.attempts, deadly.abandoned) == (20, 20)


@pytest.mark.parametrize("has_begun", [False, True])
def test_deaths_of_workers_do_not_use_up_the_tries(suzhou, server, has_begun):
    server.moods = {"anna@city.example": "450 greylisted"}
    letter = write(suzhou, "anna")
    now = NOW
    for _death in range(8):
        held = mailing.claim(message_id=letter.pk, worker="dead", now=now)
        if has_begun:
            claiming.begin(held, now=now)
        now += mailing.lease() + timedelta(seconds=1)
    for answered in range(1, 7):
        send(now)
        letter.refresh_from_db()
        assert (letter.tries, letter.abandoned) == (answered, 8)
        assert letter.state == ("queued" if answered < 6 else "failed")
        now = letter.due_at
    assert mailing.steps_of(letter)[-1].rule == "ladder_ended"
    mailing.retry(message_id=letter.pk, now=now)
    letter.refresh_from_db()
    assert (letter.attempts, letter.abandoned) == (0, 0)
