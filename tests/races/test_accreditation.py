"""Two people at the same instant: one wins, the other gets a named refusal, nothing doubles."""

from datetime import UTC, datetime

import pytest

from delegates.models import Accreditation, Badge, CredentialAuthority, Delegate, Quota, SigningKey
from delegates.operations import accrediting, badging, nominating
from tests.delegates.conftest import make_conference, make_delegation
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2023, 10, 1, 8, 0, tzinfo=UTC)
THREADS = 6


@pytest.fixture
def delegation():
    return make_delegation(make_conference("race"), "California", "加州", "US", "US-CA")


def ends(*deeds):
    """Do the deeds at once; return in order of the alphabet "done" or the refusal's code of each."""
    told = at_once(*map(or_code, deeds))
    return sorted(each if isinstance(each, str) else "done" for each in told)


def member(delegation, name, **fields):
    return nominating.add_member(
        delegation=delegation,
        fields={"family_name": name, "title_en": "Mayor", **fields},
        now=NOW,
    )


def test_of_many_approvals_of_one_person_one_wins(delegation):
    person = member(delegation, "Lee")
    nominating.submit_member(delegate=person, now=NOW)

    def approve():
        accrediting.approve(delegate=Delegate.objects.get(pk=person.pk), now=NOW)

    assert ends(*[approve] * THREADS) == ["done"] + ["step_not_allowed"] * (THREADS - 1)
    assert Badge.objects.filter(delegate=person).count() == 1


def test_approval_and_refusal_at_once_end_in_one_decision(delegation):
    person = member(delegation, "Lee")
    nominating.submit_member(delegate=person, now=NOW)

    def approve():
        accrediting.approve(delegate=Delegate.objects.get(pk=person.pk), now=NOW)

    def give_back():
        accrediting.return_to_nomination(
            delegate=Delegate.objects.get(pk=person.pk), reason="photo", now=NOW
        )

    assert ends(approve, give_back) == ["done", "step_not_allowed"]
    state = Accreditation.objects.get(delegate=person).state
    assert Badge.objects.filter(revoked_at=None).count() == (1 if state == "approved" else 0)


def test_a_delegation_gets_one_head(delegation):
    people = [member(delegation, f"P{number}") for number in range(THREADS)]
    deeds = [
        lambda pk=person.pk: nominating.name_head(delegate=Delegate.objects.get(pk=pk), now=NOW)
        for person in people
    ]
    assert ends(*deeds) == ["done"] + ["head_already_named"] * (THREADS - 1)
    assert delegation.delegates.filter(role="head").count() == 1


def test_the_last_places_go_to_as_many_as_there_are(delegation):
    badge_class = delegation.conference.badge_classes.get(code="delegate")
    Quota.objects.create(delegation=delegation, badge_class=badge_class, granted=2)
    deeds = [lambda number=number: member(delegation, f"P{number}") for number in range(THREADS)]
    assert ends(*deeds) == ["done"] * 2 + ["quota_exhausted"] * (THREADS - 2)
    assert (Quota.objects.get().taken, delegation.delegates.count()) == (2, 2)


def test_first_badges_of_a_conference_share_one_secret_and_one_key(delegation):
    people = [member(delegation, f"P{number}") for number in range(THREADS)]
    for person in people:
        nominating.submit_member(delegate=person, now=NOW)
    deeds = [
        lambda pk=person.pk: accrediting.approve(delegate=Delegate.objects.get(pk=pk), now=NOW)
        for person in people
    ]
    assert ends(*deeds) == ["done"] * THREADS
    assert (CredentialAuthority.objects.count(), SigningKey.objects.count()) == (1, 1)


def test_a_badge_replaced_by_many_leaves_one_valid(delegation):
    person = member(delegation, "Lee")
    nominating.submit_member(delegate=person, now=NOW)
    accrediting.approve(delegate=person, now=NOW)

    def replace():
        badging.replace_badge(delegate=Delegate.objects.get(pk=person.pk), reason="lost", now=NOW)

    assert ends(*[replace] * THREADS) == ["done"] * THREADS
    assert Badge.objects.filter(delegate=person, revoked_at=None).count() == 1
