"""Whoever sends letters of a purpose is told what became of them."""

from collections import defaultdict

import pytest
from django.utils import timezone

from conference.models import MessageStep
from conference.operations import mailing
from conference.operations.mailing import outcomes


@pytest.fixture
def heard(monkeypatch):
    """Followers of this test alone."""
    monkeypatch.setattr(outcomes, "_followers", defaultdict(list))
    return []


def outcome_of(suzhou, purpose):
    letter = mailing.Letter(
        key=f"outcome:{purpose}",
        purpose=purpose,
        to_email="mayor@example.org",
        subject="Come",
        body_text="Come.",
    )
    message = mailing.enqueue(conference=suzhou, letter=letter, now=timezone.now())
    return mailing.Outcome(
        message=message, kind=MessageStep.Kind.DELIVERED, at=timezone.now(), answer="250"
    )


def test_only_followers_of_the_purpose_hear_of_it(suzhou, heard):
    mailing.on_outcome(purpose="invitation", follow=heard.append)
    invitation, badge = outcome_of(suzhou, "invitation"), outcome_of(suzhou, "badge")
    mailing.tell(invitation)
    mailing.tell(badge)
    assert heard == [invitation]


def test_a_follower_of_every_purpose_hears_all_and_each_only_once(suzhou, heard):
    for _twice in range(2):
        mailing.on_outcome(purpose=mailing.EVERY_PURPOSE, follow=heard.append)
    invitation, badge = outcome_of(suzhou, "invitation"), outcome_of(suzhou, "badge")
    mailing.tell(invitation)
    mailing.tell(badge)
    assert heard == [invitation, badge]
