from datetime import timedelta

import pytest

from conference.errors import CampaignStepRefused, MessageNotRetryable
from conference.models import AuditEntry, Campaign, Message
from conference.operations import campaigning, mailing
from delegates.errors import InvitationRefused, LetterNotReady, LinkNotValid
from delegates.models import Invitation, PersonalLink
from delegates.operations import answering, inviting, life, linking
from tests.delegates.inviting_cast import DEADLINE, NOW, give_focal_point, invite, make_letter, send


@pytest.fixture
def letter(conference):
    return make_letter(conference)


@pytest.fixture
def both(california, jiangsu):
    give_focal_point(california)
    give_focal_point(jiangsu, "wai.ban@province.example", "王建国", "zh-hans")
    return california, jiangsu


def token_in(message):
    return message.body_text.split("/delegation/link/")[1].split("/")[0]


def test_each_delegation_gets_one_invitation_one_link_and_one_letter(letter, both):
    sent = send(letter, *both)
    assert [message.to_email for message in sent] == [
        "focal@state.example",
        "wai.ban@province.example",
    ]
    for delegation, message in zip(both, sent, strict=True):
        invitation = Invitation.objects.get(delegation=delegation)
        assert (invitation.state, invitation.sent_at, invitation.deadline) == (
            "sent",
            NOW,
            DEADLINE,
        )
        assert message.key == f"invite:{invitation.pk}"
        assert message.campaign == letter
        link = linking.find(token=token_in(message), purpose="invitation", now=NOW)
        assert link.invitation == invitation


def test_each_letter_is_written_in_the_language_of_its_reader(letter, both):
    english, chinese = send(letter, *both)
    assert english.subject == "Invitation to the 5th China-U.S. Sister Cities Conference"
    assert english.language == "en"
    assert chinese.subject == "诚邀出席第五届中美友好城市大会"
    assert chinese.language == "zh-hans"
    assert "尊敬的王建国：" in chinese.body_text
    assert 'lang="zh-Hans"' in chinese.body_html


def test_sending_twice_makes_nothing_new(letter, both):
    send(letter, *both)
    with pytest.raises(CampaignStepRefused):
        send(letter, *both)
    Message.objects.update(state="sent", sent_at=NOW)
    mailing.finish_mailings()
    assert send(letter, *both) == []
    assert len(campaigning.recipients_of(letter).settled) == 2
    assert Invitation.objects.count() == Message.objects.count() == 2
    assert PersonalLink.objects.count() == 2


def test_a_second_letter_does_not_invite_the_same_delegation_again(letter, both, conference):
    send(letter, both[0])
    second = send(make_letter(conference, name="Second letter"), *both)
    assert [message.to_email for message in second] == ["wai.ban@province.example"]


def test_whoever_declined_is_not_asked_again(letter, both):
    invite(both[0], "declined")
    assert [message.to_email for message in send(letter, *both)] == ["wai.ban@province.example"]
    assert Invitation.objects.filter(delegation=both[0]).count() == 1


def test_a_delegation_without_an_address_is_left_out_and_named(letter, california, jiangsu):
    give_focal_point(california)
    send(letter, california, jiangsu)
    assert [each.email for each in campaigning.recipients_of(letter).without_address] == [""]
    assert not Invitation.objects.filter(delegation=jiangsu).exists()


def test_a_delegation_of_another_conference_is_never_invited(letter, other_conference, both):
    elsewhere = both[0]
    elsewhere.conference = other_conference
    elsewhere.save()
    assert send(letter, elsewhere) == []
    assert Invitation.objects.count() == 0


def test_a_letter_without_a_text_is_not_sent(conference, both):
    blank = make_letter(conference, body_en="", body_zh="")
    with pytest.raises(LetterNotReady):
        send(blank, *both)


def test_nobody_is_invited_to_a_conference_that_is_over(letter, both):
    with pytest.raises(LetterNotReady, match="over"):
        send(letter, *both, now=NOW + timedelta(days=60))


def test_a_letter_in_one_language_goes_out_whole_in_it(conference, both):
    english_only = make_letter(conference, subject_zh="", body_zh="")
    _first, second = send(english_only, *both)
    assert second.language == "en"
    assert second.body_text.startswith("Dear 王建国,")
    assert 'lang="en"' in second.body_html


def test_the_sending_is_recorded_once(letter, both, organiser):
    campaigning.choose(
        campaign=letter,
        chosen=[one.pk for one in both],
        answer_by=DEADLINE,
        now=NOW,
        actor=organiser,
    )
    campaigning.start(campaign=letter, now=NOW, actor=organiser)
    ticked, started = AuditEntry.objects.filter(action__startswith="mailing.").order_by("pk")
    assert ticked.after["chosen"] == sorted(one.pk for one in both)
    assert (started.action, started.actor) == ("mailing.start", organiser)
    assert Campaign.objects.get(pk=letter.pk).state == "sending"


def test_an_answer_by_phone_before_the_letter_keeps_the_letter_from_going_out(
    letter, both, organiser
):
    answering.record_answer(
        delegation=both[0], reply="accepted", note="By phone", now=NOW, actor=organiser
    )
    assert [message.to_email for message in send(letter, *both)] == ["wai.ban@province.example"]


# --- Once more ---


def failed(message):
    Message.objects.filter(pk=message.pk).update(state="failed", server_answer="550 unknown")


def test_a_failed_letter_to_the_same_address_is_retried(letter, both):
    message = send(letter, both[0])[0]
    failed(message)
    again = inviting.send_again(invitation=Invitation.objects.get(), now=NOW)
    assert again.pk == message.pk
    assert Message.objects.get().state == "queued"


def test_a_letter_on_its_way_is_not_sent_twice(letter, both):
    send(letter, both[0])
    with pytest.raises(MessageNotRetryable):
        inviting.send_again(invitation=Invitation.objects.get(), now=NOW)


def test_a_new_address_gets_a_new_link_and_the_old_one_stops(letter, both):
    old = send(letter, both[0])[0]
    failed(old)
    give_focal_point(both[0], "right@state.example", "Rita Right")
    new = inviting.send_again(invitation=Invitation.objects.get(), now=NOW)
    assert (new.to_email, new.to_name) == ("right@state.example", "Rita Right")
    assert linking.find(token=token_in(new), purpose="invitation", now=NOW)
    with pytest.raises(LinkNotValid):
        linking.find(token=token_in(old), purpose="invitation", now=NOW)
    assert Invitation.objects.get().addressee_email == "right@state.example"


def test_a_letter_that_waits_for_a_former_address_does_not_leave_any_more(letter, both):
    waiting = send(letter, both[0])[0]
    give_focal_point(both[0], "right@state.example", "Rita Right")
    new = inviting.send_again(invitation=Invitation.objects.get(), now=NOW)
    told = [mailing.deliver(message_id=each.pk, worker="w", now=NOW) for each in (waiting, new)]
    assert told == ["cancelled", "sent"]


def test_a_letter_that_waited_until_nobody_can_answer_it_does_not_leave(letter, both):
    waiting = send(letter, both[0])[0]
    assert mailing.deliver(message_id=waiting.pk, worker="w", now=DEADLINE) == "cancelled"


def test_nothing_is_sent_again_after_the_deadline(letter, both):
    failed(send(letter, both[0])[0])
    with pytest.raises(InvitationRefused):
        inviting.send_again(invitation=Invitation.objects.get(), now=DEADLINE)


def test_more_time_makes_an_answer_possible_again(letter, both):
    send(letter, both[0])
    invitation = Invitation.objects.get()
    later = DEADLINE + timedelta(days=3)
    inviting.give_more_time(invitation=invitation, deadline=later, now=DEADLINE)
    assert invitation.refusal(DEADLINE) is None
    assert Invitation.objects.get().deadline == later


def test_more_time_is_given_also_where_it_ran_out_in_the_same_instant(letter, both):
    send(letter, both[0])
    seen = Invitation.objects.get()
    life.expire_overdue(now=DEADLINE)
    inviting.give_more_time(invitation=seen, deadline=DEADLINE + timedelta(days=3), now=DEADLINE)
    assert Invitation.objects.get().refusal(DEADLINE) is None


# --- On paper, and as a test ---


def test_a_printed_letter_invites_and_carries_a_link(letter, jiangsu, organiser):
    invitation, written = inviting.invite_on_paper(
        campaign=letter, delegation=jiangsu, deadline=DEADLINE, now=NOW, actor=organiser
    )
    token = written.url.split("/delegation/link/")[1].strip("/")
    assert linking.find(token=token, purpose="invitation", now=NOW).invitation == invitation
    assert invitation.state == "sent"
    assert Message.objects.count() == 0


def test_a_second_print_leaves_the_first_one_working(letter, jiangsu):
    facts = {"campaign": letter, "delegation": jiangsu, "deadline": DEADLINE, "now": NOW}
    prints = [inviting.invite_on_paper(**facts) for _ in range(2)]
    assert prints[0][0] == prints[1][0]
    for _invitation, written in prints:
        token = written.url.rstrip("/").rpartition("/")[2]
        assert linking.find(token=token, purpose="invitation", now=NOW)


def test_a_delegation_invited_on_paper_can_get_the_letter_by_mail_later(letter, jiangsu):
    inviting.invite_on_paper(campaign=letter, delegation=jiangsu, deadline=DEADLINE, now=NOW)
    give_focal_point(jiangsu)
    assert len(send(letter, jiangsu)) == 1
    assert Invitation.objects.get().addressee_email == "focal@state.example"


def test_hostile_names_are_harmless_in_the_letter(letter, california):
    name = '<script>alert(1)</script>"\r\nBcc: all@example.org {link} {conference.series}'
    give_focal_point(california, name=name)
    message = send(letter, california)[0]
    assert "<script>" not in message.body_html
    assert "&lt;script&gt;" in message.body_html
    assert "\n" not in message.subject
    # What is put in is not read for placeholders again: one link, where the letter has it.
    assert message.body_text.count("/delegation/link/") == 1
    assert "{conference.series}" in message.body_text
