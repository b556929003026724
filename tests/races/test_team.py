"""Two conferences name the same newcomer at once: one account, a part in each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from conference.models import Membership, Role, User
from conference.operations import staffing
from tests.factories import NOW, make_conference

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CONFERENCES = 6


def test_a_newcomer_gets_one_account():
    start = Barrier(CONFERENCES)

    def name_newcomer(conference):
        try:
            start.wait()
            return staffing.give_role(
                conference=conference,
                email="dora@example.org",
                name="Dora",
                role=Role.DESK,
                actor=None,
                now=NOW,
            )
        finally:
            connection.close()

    conferences = [make_conference(f"city-{number}") for number in range(CONFERENCES)]
    with ThreadPoolExecutor(CONFERENCES) as pool:
        list(pool.map(name_newcomer, conferences))

    dora = User.objects.get()
    assert Membership.objects.filter(user=dora).count() == CONFERENCES
