"""Mail without broker, worker and beat, by one command."""

import pytest
from django.core.management import CommandError, call_command

from checkin.models import Alert
from conference.operations import mailing
from sessions.operations import reminders
from tests.checkin.conftest import lookup_of, make_member, make_person


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
