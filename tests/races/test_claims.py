"""Many workers ask for letters at once: each letter has one holder, and none is left behind."""

from functools import partial

import pytest
from django.utils import timezone

from conference.models import Message, MessageStep
from conference.operations import mailing
from tests.delegates.conftest import make_conference
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKERS = 6
LETTERS = 300


@pytest.fixture
def letters():
    conference = make_conference("race-mail")
    now = timezone.now()
    for number in range(LETTERS):
        mailing.enqueue(
            conference=conference,
            letter=mailing.Letter(
                key=f"race:{number}",
                purpose="greeting",
                to_email=f"guest{number}@city{number % 3}.example",
                subject="Welcome",
                body_text="Good morning",
            ),
            now=now,
        )


def by_all(deed):
    """Let every worker do the deed at the same instant; it is given the worker's name."""
    return at_once(*(partial(deed, f"w{number}") for number in range(WORKERS)))


@pytest.mark.parametrize(("concurrency", "rate"), [(0, 0), (WORKERS, 0), (2, 100)])
def test_no_letter_has_two_holders(letters, settings, concurrency, rate):
    settings.MAIL_DOMAIN_CONCURRENCY, settings.MAIL_DOMAIN_RATE = concurrency, rate
    now = timezone.now()

    def take_all(worker):
        taken = []
        while handful := mailing.claim_handful(worker=worker, now=now, limit=10):
            taken += [message.pk for message in handful]
        return taken

    taken = [pk for each in by_all(take_all) for pk in each]
    assert len(taken) == len(set(taken))
    assert MessageStep.objects.filter(kind="claimed").count() == len(taken)
    if concurrency != 2:
        assert len(taken) == LETTERS
    for domain in ("city0.example", "city1.example", "city2.example"):
        held = Message.objects.filter(domain=domain, state="claimed").order_by()
        assert held.values("claimed_by").distinct().count() <= (concurrency or WORKERS)


def test_one_letter_that_all_want_is_sent_once(letters, mailoutbox):
    message_id = Message.objects.order_by("pk").values_list("pk", flat=True)[0]
    ends = by_all(
        lambda worker: mailing.deliver(message_id=message_id, worker=worker, now=timezone.now())
    )
    assert sorted(ends) == [*["not_due"] * (WORKERS - 1), "sent"]
    assert len(mailoutbox) == 1
