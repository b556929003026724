"""Mailings under many hands at once: each letter is made once, each step is taken once."""

from functools import partial

import pytest
from django.utils import timezone

from conference.errors import CampaignStepRefused
from conference.models import Campaign, Message
from conference.operations import campaigning, mailing
from conference.operations.campaigning import expanding
from conference.operations.mailing import claiming
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.mailing_cast import make_mailing, make_person
from tests.support.at_once import at_once, or_code
from tests.support.files import PDF

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 6
PEOPLE = 60


@pytest.fixture
def campaign(monkeypatch):
    monkeypatch.setattr(expanding, "CHUNK", 7)
    conference = make_conference("race-mailing")
    delegation = make_delegation(conference, "California", "加利福尼亚州", "US", "US-CA")
    for number in range(PEOPLE):
        make_person(delegation, f"Guest{number}")
    return make_mailing(conference)


def fresh(campaign):
    return Campaign.objects.select_related("conference").get(pk=campaign.pk)


def test_two_beats_and_a_shell_make_each_letter_once(campaign):
    campaigning.start(campaign=campaign, now=timezone.now())
    at_once(*[lambda: campaigning.expand_due(clock=timezone.now)] * THREADS)
    campaigning.expand_due(clock=timezone.now)
    assert Message.objects.count() == PEOPLE
    assert Message.objects.values("recipient").distinct().count() == PEOPLE


def test_a_mailing_is_started_once(campaign):
    told = at_once(
        *[or_code(lambda: campaigning.start(campaign=fresh(campaign), now=timezone.now()))]
        * THREADS
    )
    assert told.count(None) == 1
    assert told.count("campaign_step_refused") == THREADS - 1


def begin():
    """Take letters as a worker does, and begin each; return how many went over the line."""
    taken = mailing.claim_handful(worker="w", now=timezone.now(), limit=20)
    return sum(claiming.begin(each, now=timezone.now()) for each in taken)


def test_a_letter_leaves_or_is_cancelled_and_never_both(campaign):
    campaigning.start(campaign=campaign, now=timezone.now())
    campaigning.expand_due(clock=timezone.now)
    stopped, *begun = at_once(
        lambda: campaigning.cancel(campaign=fresh(campaign), now=timezone.now()), *[begin] * 3
    )
    assert stopped + sum(begun) == PEOPLE
    assert Message.objects.filter(state="cancelled").count() == stopped


def test_whichever_worker_ends_the_last_letter_the_mailing_is_done(campaign):
    campaigning.start(campaign=campaign, now=timezone.now())
    campaigning.expand_due(clock=timezone.now)
    at_once(
        *[
            partial(mailing.send_due, worker=f"w{number}", clock=timezone.now)
            for number in range(THREADS)
        ]
    )
    assert Message.objects.filter(state="sent").count() == PEOPLE
    assert fresh(campaign).state == "done"


def attach(campaign, content):
    return campaigning.attach(
        campaign=fresh(campaign), name="map.pdf", content=content, now=timezone.now()
    ).pk


def test_files_added_at_once_are_not_too_large_together(campaign):
    files = [PDF + bytes([number]) * 4_500_000 + b"%%EOF" for number in range(4)]
    told = at_once(*[or_code(partial(attach, campaign, content)) for content in files])
    assert told.count("files_too_large") == 3
    assert [each.size for each in campaigning.chosen(campaign)] == [len(files[0])]


def test_the_same_file_pressed_at_once_is_kept_once(campaign):
    told = at_once(*[partial(attach, campaign, PDF)] * THREADS)
    (kept,) = campaigning.chosen(campaign)
    assert set(told) == {kept.pk}


def test_a_file_is_in_every_letter_or_refused_as_the_mailing_has_begun(campaign):
    files = [PDF + bytes([number]) + b"%%EOF" for number in range(THREADS)]
    told = at_once(
        lambda: campaigning.start(campaign=fresh(campaign), now=timezone.now()),
        *[or_code(partial(attach, campaign, content)) for content in files],
    )[1:]
    added = [each for each in told if each != "campaign_step_refused"]
    assert sorted(added) == [each.pk for each in campaigning.chosen(campaign)]
    with pytest.raises(CampaignStepRefused):
        attach(campaign, PDF)
