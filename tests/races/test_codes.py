"""Wrong codes typed at once: each counts, and none passes the count of the day."""

from functools import partial

import pytest
from django.utils import timezone

from delegates.models import Invitation, InvitationStep, LinkCode
from delegates.operations import locking
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.inviting_cast import invite_for_coming_days, link_to
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_wrong_codes_at_once_shut_an_invitation_once(monkeypatch):
    monkeypatch.setattr(locking, "WRONG_IN_A_DAY", 8)
    invitation = invite_for_coming_days(
        make_delegation(make_conference("race-codes"), "California", "加利福尼亚州", "US", "US-CA")
    )
    now = timezone.now()
    Invitation.objects.update(locked_at=now)
    links = [link_to(invitation, now=now).link for _browser in range(3)]
    for link in links:
        LinkCode.objects.create(
            link=link, code_hash="x", created_at=timezone.now(), expires_at=now + locking.LIVES
        )
    typing = [
        or_code(partial(locking.use_code, link=link, code="1", now=timezone.now()))
        for link in links
        for _try in range(4)
    ]
    ends = at_once(*typing)
    assert ends.count("code_wrong") == 7
    assert ends.count("codes_stopped") == 5
    assert sum(LinkCode.objects.values_list("tries", flat=True)) == 8
    assert InvitationStep.objects.filter(kind="shut").count() == 1
