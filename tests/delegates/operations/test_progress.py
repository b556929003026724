import pytest

from delegates.models import Accreditation, Delegate
from delegates.operations.progress import delegation_progress
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import NOW, invite


def add(delegation, state, **fields):
    badge_class = delegation.conference.badge_classes.first()
    person = Delegate.objects.create(
        conference=delegation.conference, delegation=delegation, family_name="Doe", **fields
    )
    if state:
        decided = NOW if state in ("approved", "refused") else None
        Accreditation.objects.create(
            delegate=person, badge_class=badge_class, state=state, decided_at=decided
        )
    return person


def step_of(delegation):
    (row,) = delegation_progress(delegation.conference)
    return row.step, str(row.step_label)


def test_a_delegation_walks_from_not_invited_to_accredited(california):
    assert step_of(california) == ("not_invited", "not invited")
    invitation = invite(california)
    assert step_of(california) == ("invited", "invited")
    invitation.state, invitation.answered_at = "accepted", NOW
    invitation.save()
    assert step_of(california) == ("answered", "accepted")
    person = add(california, "submitted")
    assert step_of(california) == ("nominated", "nominated")
    Accreditation.objects.filter(delegate=person).update(state="approved", decided_at=NOW)
    assert step_of(california) == ("accredited", "accredited")


def test_one_undecided_person_keeps_a_delegation_from_accredited(california):
    add(california, "approved")
    add(california, "submitted")
    assert step_of(california)[0] == "nominated"


def test_a_declined_invitation_ends_the_way(california):
    invite(california, "declined")
    assert step_of(california) == ("answered", "declined")


def test_each_person_is_counted_once_at_the_state_reached(california):
    for state in ("nominated", "submitted", "submitted", "approved", "refused", None):
        add(california, state)
    add(california, "withdrawn", withdrawn_at=NOW)
    (row,) = delegation_progress(california.conference)
    assert (row.nominated, row.submitted, row.approved, row.refused) == (2, 2, 1, 1)
    assert row.members == 6


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(conference, count, django_assert_num_queries):
    for number in range(count):
        delegation = make_delegation(conference, f"State {number}", "", "US", f"US-{number}")
        invite(delegation)
        add(delegation, "submitted")
    with django_assert_num_queries(3):
        rows = delegation_progress(conference)
        assert [str(row.delegation.locality) for row in rows] == [
            f"State {number}" for number in range(count)
        ]
