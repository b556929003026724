"""A worker's turn: what goes first, when it ends, and the command that takes turns."""

from datetime import timedelta

from django.core.management import call_command

from conference.models import Message
from conference.operations import mailing
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import kinds, send, states, write


def test_single_letters_leave_before_those_of_mailings(suzhou, server, mailing_of):
    campaign = mailing_of()
    for number in range(3):
        write(suzhou, f"guest{number}", campaign=campaign)
    write(suzhou, "anna")
    assert send(limit=2).is_unfinished
    assert server.recipients[0] == "anna@city.example"
    assert sorted(states().values()) == ["queued", "queued", "sent", "sent"]


def test_a_turn_ends_in_time_and_puts_the_rest_back(suzhou, server):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    ticks = iter(range(1000))
    turn = mailing.send_due(
        worker="w1",
        clock=lambda: NOW + timedelta(seconds=next(ticks)),
        within=timedelta(seconds=7),
    )
    assert turn.is_unfinished
    assert 0 < turn.sent < 3
    left = Message.objects.filter(state="queued")
    assert {(each.attempts, each.claimed_by) for each in left} == {(0, "")}
    assert kinds(left[0]) == ["queued", "claimed", "released"]


def test_the_command_sends_until_nothing_is_left(suzhou, server, capsys):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    call_command("send_due", limit=2)
    call_command("send_due", limit=2, until_empty=True)
    assert capsys.readouterr().out.splitlines() == [
        "0 reminders queued, 0 missed; 2 mails sent, 0 not, 0 held for a person.",
        "0 reminders queued, 0 missed; 1 mails sent, 0 not, 0 held for a person.",
    ]
