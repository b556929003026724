"""A letter that did not arrive: seen as such in lists, and by its invitation, however it is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conference.models import Campaign, MailReport, Message
from conference.operations import mailing, returning
from config.settings import services
from delegates.models import Invitation, PersonalLink
from delegates.operations import answering, inviting, life
from tests.delegates.inviting_cast import (
    FAY,
    NOW,
    give_focal_point,
    link_to,
    make_letter,
    queue,
)

Kind = MailReport.Kind
DEADLINE = timezone.now() + timedelta(days=20)


@pytest.fixture
def relay(mail_server, settings):
    """A relay that refuses recipients with the answer in ``relay.says``, if it is set."""
    for name, value in services.mail(mail_server.url).items():
        setattr(settings, name, value)
    mail_server.says = ""

    async def handle_RCPT(_server, _session, envelope, address, _options):
        if mail_server.says:
            return mail_server.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    mail_server.handle_RCPT = handle_RCPT
    return mail_server


@pytest.fixture
def invited(conference, california):
    """California's invitation under way, and its letter in the queue."""
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(days=60), today + timedelta(61)
    conference.save()
    california.refresh_from_db()
    give_focal_point(california)
    (message,) = queue(make_letter(conference), california, now=timezone.now(), deadline=DEADLINE)
    return Invitation.objects.get(), message


def post():
    mailing.send_due(worker="w", clock=timezone.now)


def state_of(invitation):
    return Invitation.objects.get(pk=invitation.pk).state


def kinds(invitation):
    return list(invitation.steps.order_by("pk").values_list("kind", flat=True))


# --- Refused by our own relay ---


def test_an_invitation_whose_letter_is_refused_for_good_has_come_back(invited, relay):
    invitation, letter = invited
    relay.says = "550 5.1.1 no such user"
    post()
    letter.refresh_from_db()
    assert (letter.state, state_of(invitation)) == ("failed", "bounced")
    assert (kinds(invitation), invitation.steps.last().note) == (
        ["bounced"],
        "550 5.1.1 no such user",
    )


def test_one_that_is_only_put_off_has_not(invited, relay):
    invitation, letter = invited
    relay.says = "451 4.7.1 try later"
    post()
    letter.refresh_from_db()
    assert (letter.state, state_of(invitation)) == ("queued", "draft")


def test_sent_once_more_it_is_under_way_again_and_may_come_back_again(invited, relay):
    invitation, letter = invited
    relay.says = "554 5.7.1 not from you"
    post()
    mailing.retry(message_id=letter.pk, now=timezone.now())
    assert state_of(invitation) == "draft"
    post()
    assert state_of(invitation) == "bounced"
    mailing.retry_all(letters=Message.objects.all(), now=timezone.now())
    relay.says = ""
    post()
    letter.refresh_from_db()
    assert (letter.state, state_of(invitation)) == ("sent", "sent")
    assert len(relay.messages) == 1


def test_sent_once_more_to_an_address_that_is_blocked_it_has_come_back_still(invited, relay):
    invitation, letter = invited
    relay.says = "550 5.1.1 no such user"
    post()
    mailing.retry(message_id=letter.pk, now=timezone.now())
    assert state_of(invitation) == "draft"
    post()
    letter.refresh_from_db()
    assert (letter.state, letter.steps.last().kind) == ("failed", "suppressed")
    assert state_of(invitation) == "bounced"


def test_an_answer_stands_though_the_letter_is_refused(invited, relay):
    invitation, _letter = invited
    answering.answer(invitation=invitation, reply="accepted", now=timezone.now(), by=FAY)
    relay.says = "550 5.1.1 no such user"
    post()
    assert state_of(invitation) == "accepted"


def test_the_refusal_of_a_letter_to_a_former_address_says_nothing_of_the_new_one(
    invited, relay, organiser
):
    invitation, former = invited
    mailing.tell(mailing.Outcome(message=former, kind="accepted", at=timezone.now()))
    Message.objects.filter(pk=former.pk).update(due_at=timezone.now() + timedelta(days=1))
    give_focal_point(invitation.delegation, "new@state.example")
    inviting.send_again(invitation=Invitation.objects.get(), now=timezone.now(), actor=organiser)
    post()
    Message.objects.filter(pk=former.pk).update(due_at=timezone.now())
    relay.says = "550 5.1.1 no such user"
    post()
    assert state_of(invitation) == "sent"


def chosen_again(campaign, invitation):
    campaign.refresh_from_db()
    return queue(campaign, invitation.delegation, now=timezone.now(), deadline=DEADLINE)


@pytest.mark.parametrize("told", ["by our relay", "afterwards"])
def test_of_a_cancelled_letter_it_goes_by_another_to_the_corrected_address(invited, relay, told):
    invitation, former = invited
    relay.says = "550 5.1.1 no such user" if told == "by our relay" else ""
    post()
    returning.note(message=former, event="e", source="test", kind=Kind.BOUNCED, now=timezone.now())
    assert state_of(invitation) == "bounced"
    Campaign.objects.update(state="cancelled")
    link = link_to(invitation, now=timezone.now())
    relay.says = ""
    give_focal_point(invitation.delegation, "new@state.example")

    assert chosen_again(former.campaign, invitation) == []
    Campaign.objects.update(state="cancelled")
    another = make_letter(invitation.conference, name="Second letter")
    later = DEADLINE + timedelta(days=1)
    queue(another, invitation.delegation, now=timezone.now(), deadline=later)
    assert state_of(invitation) == "bounced"
    post()

    invitation.refresh_from_db()
    assert (invitation.state, invitation.addressee_email) == ("sent", "new@state.example")
    assert (invitation.campaign, invitation.deadline) == (another, later)
    assert relay.messages[-1]["To"] == "Fay Focal <new@state.example>"
    assert PersonalLink.objects.get(pk=link.link.pk).revoked_at is not None
    assert not another.messages.exclude(state="sent").exists()


def test_of_a_cancelled_letter_that_arrived_nobody_is_invited_again(invited, relay):
    invitation, _letter = invited
    post()
    Campaign.objects.update(state="cancelled")
    another = make_letter(invitation.conference, name="Second letter")
    assert queue(another, invitation.delegation, now=timezone.now(), deadline=DEADLINE) == []


def test_a_mistake_in_following_a_letter_does_not_send_it_again(
    invited, relay, monkeypatch, caplog
):
    invitation, letter = invited

    def fail(**_given):
        raise RuntimeError

    monkeypatch.setattr(life, "note_step", fail)
    relay.says = "550 5.1.1 no such user"
    post()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, state_of(invitation)) == ("failed", 1, "draft")
    assert "Nobody was told" in caplog.text


# --- Reported afterwards ---


@pytest.fixture
def letters(conference):
    """Three letters of one mailing that have left, and one that is still queued."""
    campaign = Campaign.objects.create(conference=conference, name="News", purpose="mailing")
    return [
        Message.objects.create(
            conference=conference,
            campaign=campaign,
            key=f"letter:{number}",
            to_email=f"guest{number}@example.org",
            due_at=NOW,
            **({"state": "sent", "sent_at": NOW} if number < 3 else {}),
        )
        for number in range(4)
    ]


def report(letter, kind, number=0):
    returning.note(
        message=letter,
        event=f"e{number}",
        source="test",
        kind=kind,
        now=NOW + timedelta(hours=number),
    )


def back(conference):
    return list(mailing.come_back(Message.objects.filter(conference=conference)).order_by("pk"))


@pytest.mark.parametrize(
    ("reports", "is_back"),
    [
        ([], False),
        ([Kind.BOUNCED], True),
        ([Kind.REJECTED], True),
        ([Kind.SOFT], True),
        ([Kind.ELSEWHERE], True),
        ([Kind.UNCLEAR], True),
        ([Kind.DELAYED], False),
        ([Kind.DELIVERED], False),
        ([Kind.COMPLAINED], False),
        ([Kind.SOFT, Kind.DELIVERED], False),
        ([Kind.DELIVERED, Kind.BOUNCED], True),
        ([Kind.BOUNCED, Kind.COMPLAINED], True),
    ],
)
def test_the_newest_report_tells_whether_a_letter_came_back(conference, letters, reports, is_back):
    for number, kind in enumerate(reports):
        report(letters[0], kind, number)
    assert back(conference) == (letters[:1] if is_back else [])
    shown = mailing.with_fates(Message.objects.filter(conference=conference)).order_by("pk")
    assert [each.has_come_back for each in shown] == [is_back, False, False, False]


def test_a_letter_that_is_queued_again_is_under_way_whatever_was_reported(conference, letters):
    report(letters[3], Kind.BOUNCED)
    assert back(conference) == []


def test_mailings_count_what_came_back_each_for_itself(conference, letters):
    other = Campaign.objects.create(conference=conference, name="Other", purpose="mailing")
    for letter in letters[:2]:
        report(letter, Kind.BOUNCED)
    counted = Campaign.objects.annotate(back=mailing.count_back()).order_by("pk")
    assert [(each.pk, each.back) for each in counted] == [
        (letters[0].campaign_id, 2),
        (other.pk, 0),
    ]
