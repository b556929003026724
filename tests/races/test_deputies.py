"""A delegation's work is handed over twice at once: to one deputy, who is told once."""

from functools import partial

import pytest

from conference.models import AuditEntry, Message
from delegates.models import Deputy, InvitationStep, PersonalLink
from delegates.operations import deputising
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.inviting_cast import FAY, NOW, give_focal_point, invite
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 5


@pytest.fixture
def invitation():
    delegation = make_delegation(
        make_conference("race-deputies"), "California", "加利福尼亚州", "US", "US-CA"
    )
    give_focal_point(delegation)
    return invite(delegation)


def hand_over(invitation, number=0):
    return deputising.hand_over(
        invitation=invitation,
        name=f"Deputy {number}",
        email=f"deputy{number}@state.example",
        language="en",
        former_keeps_rights=False,
        now=NOW,
        by=FAY,
    )


def test_the_first_hand_over_counts_and_the_others_leave_nothing(invitation):
    ends = at_once(*(or_code(partial(hand_over, invitation, number)) for number in range(AT_ONCE)))
    named = [each for each in ends if isinstance(each, Deputy)]
    assert len(named) == 1
    assert ends.count("deputy_already_named") == AT_ONCE - 1
    assert Deputy.objects.get() == named[0]
    assert PersonalLink.objects.get(deputy__isnull=False).deputy == named[0]
    assert sorted(Message.objects.values_list("to_email", flat=True)) == sorted(
        [named[0].email, invitation.delegation.focal_email]
    )
    assert InvitationStep.objects.filter(kind="handed_over").count() == 1
    assert AuditEntry.objects.filter(action="invitation.handed_over").count() == 1


def test_taking_back_at_once_ends_it_once(invitation):
    deputy = hand_over(invitation)
    ends = at_once(*[partial(deputising.take_back, deputy=deputy, now=NOW, by=FAY)] * AT_ONCE)
    assert sorted(ends) == [*[False] * (AT_ONCE - 1), True]
    assert Message.objects.filter(key__contains=":taken_back").count() == 1
    assert Message.objects.filter(key__contains=":ended").count() == 1
    assert InvitationStep.objects.filter(kind="taken_back").count() == 1


def test_whoever_is_named_while_it_is_taken_back_has_the_only_link(invitation):
    first = hand_over(invitation)

    take_back = partial(deputising.take_back, deputy=first, now=NOW, by=FAY)
    at_once(
        take_back,
        *(or_code(partial(hand_over, invitation, number)) for number in range(1, 4)),
    )
    usable = PersonalLink.objects.usable(NOW).filter(deputy__isnull=False)
    assert {link.deputy for link in usable} == set(Deputy.objects.filter(taken_back_at=None))
    assert Deputy.objects.filter(taken_back_at=None).count() <= 1
