"""A letter to somebody without an address: in Messages it is what it is, and not a failure."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.models import Message, Notice
from conference.operations import mailing
from sessions.operations.notifying import SEAT
from tests.sessions import cast


@pytest.fixture
def to_nobody(conference, alice):
    """Makes letters to Alice, of whom no address is known."""

    def make(subject, **fields):
        return mailing.record_unaddressed(
            conference=conference,
            letter=mailing.Letter(
                **{
                    "key": f"greeting:{subject}",
                    "purpose": "greeting",
                    "to_email": "",
                    "to_name": "Alice",
                    "recipient": f"delegate:{alice.pk}",
                    "subject": subject,
                    "body_text": "It is by the lake.",
                    **fields,
                }
            ),
            now=cast.NOW,
        )

    return make


@pytest.fixture
def told(to_nobody):
    """A letter in the inbox, one told of by SMS, one whose SMS did not arrive, one by push."""
    letters = [to_nobody(word) for word in ("plain", "texted", "not texted", "pushed")]
    for letter, channel, receipt in zip(
        letters[1:], ("sms", "sms", "push"), ("", "failed", ""), strict=True
    ):
        Notice.objects.create(
            message=letter,
            channel=channel,
            target="+14155550100",
            state="sent",
            receipt=receipt,
            created_at=cast.NOW,
            due_at=cast.NOW,
            sent_at=cast.NOW,
        )
    return letters


def subjects(page):
    return {letter.subject for letter in page.context["page"]}


def test_the_list_counts_and_finds_it_as_what_it_is(desk, conference, told):
    url = reverse("conference:message_list", args=[conference.slug])
    page = desk.get(url)
    assert [(chip["code"], chip["count"]) for chip in page.context["chips"]] == [
        ("inbox", 3),
        ("texted", 1),
    ]
    assert page.context["failed"] == 0
    assert "Told by text" in page.content.decode()
    assert subjects(desk.get(url, {"state": "texted"})) == {"texted"}
    assert subjects(desk.get(url, {"state": "inbox"})) == {"plain", "not texted", "pushed"}


def test_its_page_says_where_it_is_and_why(desk, conference, told):
    url = reverse("conference:message_detail", args=[conference.slug, told[0].pk])
    page = desk.get(url).content.decode()
    assert "This person has no e-mail address" in page
    assert "Put into the inbox" in page
    assert "The letter waits in the inbox" in page
    assert "Refused" not in page


def test_sent_again_once_an_address_is_known_it_leaves(to_nobody, alice, desk, mailoutbox):
    letter = to_nobody("A seat", purpose=SEAT)
    url = reverse("conference:message_retry", args=[letter.conference.slug, letter.pk])
    told = desk.post(url, follow=True).content.decode()
    assert f"The letter to {alice.email} is queued again." in told
    now = timezone.now()
    assert mailing.deliver(message_id=letter.pk, worker="w", now=now) == "sent"
    assert mailoutbox[0].recipients() == [f'"Alice" <{alice.email}>']


def test_a_letter_to_a_delegation_that_lost_its_address_is_in_no_inbox(conference):
    letter = Message.objects.create(
        conference=conference,
        key="k",
        purpose="greeting",
        recipient="delegation:1",
        due_at=cast.NOW,
    )
    assert mailing.deliver(message_id=letter.pk, worker="w", now=cast.NOW) == "failed"
    assert letter.steps.last().rule == "unreachable"


def test_the_database_keeps_a_letter_with_an_address_out_of_that_state(told):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=told[0].pk).update(to_email="alice@example.org")


def test_letters_of_before_are_called_what_they_are(told):
    Message.objects.update(state="failed")
    refused = Message.objects.get(pk=told[0].pk)
    mailing.record_step(
        message_id=refused.pk, kind="refused", at=cast.NOW, rule=mailing.rules.NO_ADDRESS
    )
    migration = import_module("conference.migrations.0017_letters_wait_in_the_inbox")
    migration.put_into_inboxes(apps, None)
    assert set(Message.objects.filter(state="inbox")) == {refused}
    migration.take_out(apps, None)
    assert not Message.objects.filter(state="inbox").exists()
