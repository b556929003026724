"""Two conferences name the same newcomer at once: one account, a part in each."""

import pytest

from conference.models import Membership, Role, User
from conference.operations import staffing
from tests.factories import NOW, make_conference
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CONFERENCES = 6


def test_a_newcomer_gets_one_account():
    def naming(conference):
        return lambda: staffing.give_role(
            conference=conference,
            email="dora@example.org",
            name="Dora",
            role=Role.DESK,
            actor=None,
            now=NOW,
        )

    at_once(*(naming(make_conference(f"city-{number}")) for number in range(CONFERENCES)))

    dora = User.objects.get()
    assert Membership.objects.filter(user=dora).count() == CONFERENCES
