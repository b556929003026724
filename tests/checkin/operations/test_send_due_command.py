"""Mail without broker, worker and beat, by one command."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from checkin.management.commands import send_due
from checkin.models import Alert
from conference.models import MailReport, Message, Suppression
from conference.operations import mailing
from config.settings import services
from sessions.operations import reminders
from tests.checkin.conftest import lookup_of, make_member, make_person
from tests.support import returned


@pytest.fixture
def protocol(conference, delegation, phone):
    member = make_member(conference, "protocol")
    phone.scan(lookup_of(make_person(delegation, given_name="Vera", vip=True)))
    return member


def test_those_on_duty_hear_of_the_doors(protocol, mailoutbox, capsys):
    call_command("send_due")
    assert [letter.to for letter in mailoutbox] == [[f'"{protocol}" <{protocol.email}>']]
    assert Alert.objects.get().mailed_at
    assert "1 mails sent" in capsys.readouterr().out


def test_what_fails_keeps_nothing_else_back_and_is_told_at_the_end(
    protocol, mailoutbox, monkeypatch, caplog
):
    def fail(*, now):
        raise RuntimeError(now)

    monkeypatch.setattr(reminders, "sweep", fail)
    with pytest.raises(CommandError, match="reminders"):
        call_command("send_due")
    assert len(mailoutbox) == 1
    assert "reminders failed" in caplog.text


def test_further_looks_send_nothing_twice(protocol, mailoutbox):
    for _look in range(3):
        call_command("send_due")
    assert not mailing.due_message_ids(now=Alert.objects.get().mailed_at)
    assert len(mailoutbox) == 1


@pytest.fixture
def bounces(mailbox, settings):
    """A mailbox of bounces, as the settings name it."""
    settings.BOUNCE_ADDRESS = "bounces@plenary.example"
    settings.BOUNCE_MAILBOX = services.mailbox(mailbox.url)
    return mailbox


def test_what_came_back_is_read_too(protocol, bounces, mailoutbox, capsys):
    call_command("send_due")
    bounces.put(returned.report(Message.objects.get()))
    call_command("send_due")
    assert MailReport.objects.get().kind == "bounced"
    assert Suppression.objects.get().address == protocol.email
    assert "1 mails read that came back: 1 new reports." in capsys.readouterr().out


def test_without_a_mailbox_none_is_asked_for(protocol, mailbox, settings, mailoutbox):
    settings.BOUNCE_MAILBOX = None
    call_command("send_due")
    assert mailbox.commands == []


def test_a_mailbox_that_is_away_holds_up_no_letter_and_is_told(
    protocol, bounces, mailoutbox, caplog
):
    bounces.stop()
    with pytest.raises(CommandError, match="bounces"):
        call_command("send_due")
    assert len(mailoutbox) == 1
    assert "bounces failed" in caplog.text


def test_a_command_that_looks_often_visits_the_mailbox_every_five_minutes(protocol, bounces):
    command = send_due.Command()
    begun = timezone.now()
    for minutes in (0, 1, 4, 6):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            command._look(None)
    assert len([each for each in bounces.commands if each.startswith("LOGIN")]) == 2
