"""Two fetchers read the same mailbox of bounces at once: each report counts once."""

import pytest
from django.utils import timezone

from conference.models import MailReport, MessageStep, ReadMailbox, Suppression
from conference.operations import mailing, returning
from config.settings import services
from tests.delegates.conftest import make_conference
from tests.support import returned
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

FETCHERS = 4
LETTERS = 20
SOFT = {"status": "4.2.2", "said": "smtp; 452 4.2.2 mailbox full"}


@pytest.fixture
def letters(settings):
    """One letter to each of many people, and three more to one of them."""
    settings.BOUNCE_ADDRESS = "bounces@plenary.example"
    settings.MAIL_SOFT_BOUNCES = 3
    conference = make_conference("race-bounces")
    now = timezone.now()
    addresses = [f"guest{number}@city.example" for number in range(LETTERS)]
    return [
        mailing.enqueue(
            conference=conference,
            letter=mailing.Letter(
                key=f"race:{number}",
                purpose="greeting",
                to_email=address,
                subject="Welcome",
                body_text="Good morning",
            ),
            now=now,
        )
        for number, address in enumerate([*addresses, *["full@city.example"] * 3])
    ]


def fetch_at_once(mailbox):
    named = services.mailbox(mailbox.url)
    return at_once(*[lambda: returning.fetch(mailbox=named, now=timezone.now())] * FETCHERS)


def test_a_report_that_all_read_counts_once(letters, mailbox):
    for letter in letters[:LETTERS]:
        mailbox.put(returned.report(letter))
    fetched = fetch_at_once(mailbox)
    assert sum(each.reports for each in fetched) == LETTERS
    assert sum(each.reports + each.known for each in fetched) == sum(each.mails for each in fetched)
    assert MailReport.objects.count() == LETTERS
    assert MessageStep.objects.filter(kind="bounced").count() == LETTERS
    assert Suppression.objects.count() == LETTERS
    assert ReadMailbox.objects.get().last_uid == LETTERS
    assert sum(each.mails for each in fetch_at_once(mailbox)) == 0


def test_a_mailbox_that_is_full_three_times_is_blocked_whoever_reads_of_it(letters, mailbox):
    for letter in letters[LETTERS:]:
        mailbox.put(returned.report(letter, **SOFT))
    fetch_at_once(mailbox)
    block = Suppression.objects.get()
    assert (block.address, block.reason) == ("full@city.example", "hard_bounce")


def test_the_place_up_to_which_it_was_read_never_goes_back(letters, mailbox):
    for letter in letters[: LETTERS // 2]:
        mailbox.put(returned.report(letter))
    fetch_at_once(mailbox)
    mailbox.validity += 1
    for letter in letters[LETTERS // 2 : LETTERS]:
        mailbox.put(returned.report(letter))
    fetch_at_once(mailbox)
    place = ReadMailbox.objects.get()
    assert (place.uid_validity, place.last_uid) == (mailbox.validity, LETTERS)
    assert MailReport.objects.count() == LETTERS
