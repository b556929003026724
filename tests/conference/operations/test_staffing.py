"""The team of a conference."""

import pytest

from conference.errors import LastOrganiser
from conference.models import AuditEntry, Membership, Role, User
from conference.operations import staffing
from tests.conference.conftest import NOW


def give(suzhou, organiser, email, role):
    return staffing.give_role(
        conference=suzhou, email=email, name="Dora", role=role, actor=organiser, now=NOW
    )


def test_a_new_person_gets_an_account_and_a_role(suzhou, organiser):
    membership = give(suzhou, organiser, "dora@example.org", Role.DESK)
    assert (membership.user.name, membership.role) == ("Dora", "desk")
    assert AuditEntry.objects.get().action == "team.give_role"


def test_a_known_person_is_found_whatever_the_case_of_the_address(suzhou, organiser):
    give(suzhou, organiser, "dora@example.org", Role.DESK)
    give(suzhou, organiser, "Dora@Example.org", Role.VIEWER)
    assert User.objects.filter(email__iexact="dora@example.org").count() == 1
    assert Membership.objects.get(user__email="dora@example.org").role == "viewer"


def test_the_last_organiser_stays(suzhou, organiser):
    with pytest.raises(LastOrganiser):
        give(suzhou, organiser, organiser.email, Role.VIEWER)
    with pytest.raises(LastOrganiser):
        staffing.take_role_away(
            membership_id=Membership.objects.get(user=organiser).pk, actor=organiser, now=NOW
        )
    assert Membership.objects.get(user=organiser).role == "organiser"


def test_one_of_two_organisers_may_leave(suzhou, organiser):
    other = give(suzhou, organiser, "dora@example.org", Role.ORGANISER)
    staffing.take_role_away(membership_id=other.pk, actor=organiser, now=NOW)
    assert list(suzhou.memberships.values_list("user__email", flat=True)) == [organiser.email]
