"""The overview's funnel, on the rehearsal with its delegations in all states of progress."""

import pytest

from checkin.funnel import funnel

pytestmark = pytest.mark.django_db


def test_the_funnel_narrows_from_the_invitation_to_the_door(rehearsal):
    reached = funnel(rehearsal)
    assert len(reached.lines) == 43
    assert reached.steps == [
        ("invited", 35),
        ("answered", 27),
        ("nominated", 22),
        ("accredited", 13),
        ("checked_in", 3),
    ]
    assert (reached.people, reached.people_accredited, reached.people_arrived) == (148, 98, 19)


def test_the_funnel_costs_four_queries_whatever_its_size(
    rehearsal, edition, django_assert_num_queries
):
    for conference in (rehearsal, edition):
        with django_assert_num_queries(4):
            funnel(conference)
