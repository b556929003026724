"""The life of a letter of invitation: at a time, paused, cancelled for the rest, sent again."""

from datetime import date, time, timedelta

import pytest
from django.core import mail

from conference.errors import CampaignStepRefused
from conference.models import Message, MessageAttachment
from conference.operations import campaigning, mailing
from conference.operations.mailing import claiming
from delegates.errors import DeadlineTooEarly
from delegates.models import Invitation
from delegates.operations import answering, audiences, inviting
from delegates.operations.progress import delegation_progress
from tests.delegates.inviting_cast import (
    DEADLINE,
    NOW,
    give_focal_point,
    invite,
    make_letter,
    queue,
    send,
)
from tests.support.files import PDF

HOUR = timedelta(hours=1)


@pytest.fixture
def letter(conference):
    return make_letter(conference)


@pytest.fixture
def both(california, jiangsu):
    give_focal_point(california)
    give_focal_point(jiangsu, "wai.ban@province.example", "王建国", "zh-hans")
    return california, jiangsu


@pytest.fixture
def ticked(letter, both):
    tick(letter, *both)
    return letter


def tick(campaign, *delegations, deadline=DEADLINE, now=NOW):
    chosen = [each.pk for each in delegations]
    campaigning.choose(campaign=campaign, chosen=chosen, answer_by=deadline, now=now)


def schedule(campaign, day, at=time(9), now=NOW):
    campaigning.schedule(campaign=campaign, day=day, at=at, zone="Asia/Shanghai", now=now)


def look(now):
    """Do what workers and beat do at this time."""
    campaigning.expand_due(clock=lambda: now)
    mailing.send_due(worker="w", clock=lambda: now)


def is_invited(conference):
    return {row.delegation.name_en: row.is_invited for row in delegation_progress(conference)}


def sent_to():
    return sorted(each.to[0].rpartition("<")[2].rstrip(">") for each in mail.outbox)


def test_it_leaves_at_the_time_of_the_venue_and_invites_then(conference, ticked):
    schedule(ticked, date(2023, 10, 5))
    early = NOW.replace(day=5, hour=0, minute=59)
    look(early)
    assert (mail.outbox, Invitation.objects.count()) == ([], 0)
    look(early + timedelta(minutes=2))
    assert len(mail.outbox) == 2
    assert set(is_invited(conference).values()) == {True}
    assert {each.sent_at for each in Invitation.objects.all()} == {early + timedelta(minutes=2)}


def test_one_that_was_scheduled_and_called_off_tells_nobody(conference, ticked):
    schedule(ticked, date(2023, 10, 5))
    campaigning.unschedule(campaign=ticked, now=NOW)
    look(NOW + timedelta(days=6))
    assert (ticked.state, mail.outbox) == ("draft", [])
    assert set(is_invited(conference).values()) == {False}


def test_its_deadline_lies_after_its_time(ticked):
    with pytest.raises(DeadlineTooEarly):
        schedule(ticked, date(2023, 10, 21))
    schedule(ticked, date(2023, 10, 19))
    with pytest.raises(DeadlineTooEarly):
        tick(ticked, deadline=NOW + HOUR)


def test_one_whose_deadline_passed_while_nothing_ran_waits_for_a_person(ticked):
    schedule(ticked, date(2023, 10, 19))
    look(DEADLINE + HOUR)
    ticked.refresh_from_db()
    assert (ticked.state, mail.outbox, Invitation.objects.count()) == ("draft", [], 0)


def test_while_it_is_held_nobody_is_invited_or_reminded(conference, ticked):
    campaigning.hold(campaign=ticked, now=NOW)
    look(NOW)
    assert set(Invitation.objects.values_list("state", flat=True)) == {"draft"}
    assert set(is_invited(conference).values()) == {False}
    reminder = make_letter(conference, purpose="invitation_reminder")
    assert queue(reminder, *[each.delegation for each in Invitation.objects.all()]) == []
    campaigning.resume(campaign=ticked, now=NOW + HOUR)
    look(NOW + HOUR)
    assert sent_to() == ["focal@state.example", "wai.ban@province.example"]
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sent"}


def test_it_goes_to_the_address_that_holds_when_it_leaves(ticked, both):
    campaigning.hold(campaign=ticked, now=NOW)
    look(NOW)
    give_focal_point(both[0], "right@state.example")
    campaigning.resume(campaign=ticked, now=NOW)
    look(NOW)
    assert sent_to() == ["right@state.example", "wai.ban@province.example"]
    invitation = Invitation.objects.get(delegation=both[0])
    assert (invitation.state, invitation.addressee_email) == ("sent", "right@state.example")


def test_who_answered_by_telephone_meanwhile_gets_no_letter(ticked, both, organiser):
    campaigning.hold(campaign=ticked, now=NOW)
    look(NOW)
    answered = Message.objects.earliest("pk").created_at + HOUR
    Invitation.objects.update(deadline=answered + HOUR)
    both[0].conference.last_day = answered.date() + timedelta(days=9)
    both[0].conference.save()
    answering.record_answer(
        delegation=both[0], reply="declined", note="By phone", now=answered, actor=organiser
    )
    ticked.answer_by = answered + HOUR
    ticked.save()
    campaigning.resume(campaign=ticked, now=answered)
    look(answered)
    assert sent_to() == ["wai.ban@province.example"]


def test_one_that_is_printed_while_its_mail_waits_is_an_invitation_at_once(ticked, both):
    campaigning.hold(campaign=ticked, now=NOW)
    look(NOW)
    inviting.invite_on_paper(campaign=ticked, delegation=both[0], deadline=DEADLINE, now=NOW)
    assert Invitation.objects.get(delegation=both[0]).state == "sent"


@pytest.mark.parametrize("by_the_same", [True, False])
def test_what_was_cancelled_is_a_draft_again_and_invited_later(
    conference, ticked, both, by_the_same
):
    campaigning.hold(campaign=ticked, now=NOW)
    look(NOW)
    assert campaigning.cancel(campaign=ticked, now=NOW) == 2
    drafts = Invitation.objects.filter(state="draft", campaign=None, sent_at=None)
    assert drafts.count() == 2
    later = ticked if by_the_same else make_letter(conference, name="Second")
    queue(later, *both, now=NOW + HOUR)
    look(NOW + HOUR)
    assert sent_to() == ["focal@state.example", "wai.ban@province.example"]
    assert {each.campaign for each in Invitation.objects.all()} == {later}
    assert Invitation.objects.count() == 2


def test_what_has_left_stays_when_the_rest_is_cancelled(conference, ticked, both):
    campaigning.start(campaign=ticked, now=NOW)
    campaigning.expand_due(clock=lambda: NOW)
    mailing.send_due(worker="w", clock=lambda: NOW, limit=1)
    assert campaigning.cancel(campaign=ticked, now=NOW) == 1
    look(NOW + HOUR)
    assert len(mail.outbox) == 1
    assert sorted(is_invited(conference).values()) == [False, True]
    found = audiences._answered(type(both[0]).objects.all(), ["not_invited"])
    assert found.count() == 1


def test_a_done_letter_goes_on_to_more_delegations_and_not_back_to_the_first(letter, both):
    send(letter, both[0])
    look(NOW)
    letter.refresh_from_db()
    assert letter.state == "done"
    tick(letter, *both)
    assert [each.email for each in campaigning.recipients_of(letter).reached] == [
        "wai.ban@province.example"
    ]
    schedule(letter, date(2023, 10, 5))
    campaigning.unschedule(campaign=letter, now=NOW)
    assert letter.state == "done"
    campaigning.start(campaign=letter, now=NOW)
    look(NOW)
    assert sent_to() == ["focal@state.example", "wai.ban@province.example"]


def test_nobody_is_ticked_while_it_is_on_its_way(ticked, both):
    campaigning.start(campaign=ticked, now=NOW)
    with pytest.raises(CampaignStepRefused):
        tick(ticked, *both)


def test_in_doubt_it_is_held_and_an_invitation_once_a_person_knows(ticked, both):
    campaigning.rewrite(campaign=ticked, fields={"on_doubt": "hold"})
    first, _second = queue(ticked, *both)
    taken = mailing.claim_handful(worker="dead", now=NOW)
    assert claiming.begin(taken[0], now=NOW)
    mailing.hold_doubtful(now=NOW + HOUR)
    first.refresh_from_db()
    assert first.state == "uncertain"
    invitation = Invitation.objects.get(delegation=both[0])
    assert invitation.state == "draft"
    mailing.settle(message_id=first.pk, now=NOW + HOUR)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.sent_at) == ("sent", NOW + HOUR)


def test_it_brings_itself_as_a_pdf_the_days_and_files(ticked, both):
    codes = ["this-letter", "conference-days"]
    campaigning.write(campaign=ticked, fields=(), codes=codes, now=NOW)
    campaigning.attach(campaign=ticked, name="map.pdf", content=PDF, now=NOW)
    campaigning.start(campaign=ticked, now=NOW)
    look(NOW)
    for each in mail.outbox:
        files = {name: content for name, content, _type in each.attachments}
        assert sorted(name.rpartition(".")[2] for name in files) == ["ics", "pdf", "pdf"]
        (days,) = [content for name, content in files.items() if name.endswith(".ics")]
        assert "DTSTART;VALUE=DATE:20231103" in str(days)


def test_a_test_of_it_brings_the_same(ticked, both):
    campaigning.write(campaign=ticked, fields=(), codes=["this-letter"], now=NOW)
    sample = Message(
        conference=ticked.conference,
        campaign=ticked,
        recipient=f"delegation:{both[0].pk}",
        language="en",
    )
    (enclosure,), lacking = campaigning.enclosures(ticked, sample)
    outside = Message(conference=ticked.conference, language="en", recipient="user:1")
    row = MessageAttachment(maker=enclosure.maker, about=enclosure.about, file_name="x.pdf")
    assert lacking == []
    assert mailing.content_of(row, outside).startswith(b"%PDF")


def test_an_earlier_answer_or_invitation_keeps_its_own_deadline(ticked, both):
    printed = invite(both[0], deadline=DEADLINE - HOUR)
    queue(ticked, *both)
    printed.refresh_from_db()
    assert (printed.deadline, printed.campaign) == (DEADLINE - HOUR, ticked)
