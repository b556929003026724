"""One walk-in sent twice in the same instant, and two desks that ask for the last place."""

from uuid import UUID

import pytest
from django.utils import timezone

from checkin.models import WalkIn
from checkin.operations import substituting, walking_in
from delegates.models import Delegate, Delegation, Quota
from tests.checkin.conftest import (
    enrolled_phone,
    make_conference,
    make_delegation,
    make_doors,
    make_person,
    uuid7,
)
from tests.support.at_once import at_once, or_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


def entry(name="Ann LEE", delegation=None):
    return walking_in.Entry(name=name, title={}, delegation=delegation, badge_class=1)


def entering(phone, walk_in_id, what):
    def enter():
        return walking_in.enter(
            conference=phone.device.conference,
            walk_in_id=UUID(walk_in_id),
            entry=what,
            device=phone.device,
            now=timezone.now(),
        )

    return or_code(enter)


def test_one_walk_in_sent_twice_at_once_is_one_person(doors):
    phone = enrolled_phone(doors, capabilities=("desk",))
    for number in range(5):
        walk_in_id, what = uuid7(), entry(f"Ann LEE {number}")

        made = at_once(*(entering(phone, walk_in_id, what) for _ in range(4)))

        assert sorted(each.is_new for each in made) == [False, False, False, True]
        assert len({each.badge.pk for each in made}) == 1
    assert (Delegate.objects.count(), WalkIn.objects.count()) == (5, 5)
    # The delegation of those who have none was made once too.
    assert Delegation.objects.count() == 1


def test_a_repeat_that_meets_the_last_place_taken_by_itself_is_no_refusal(doors):
    delegation = make_delegation(doors)
    phone = enrolled_phone(doors, capabilities=("desk",))
    quota = Quota.objects.create(
        delegation=delegation, badge_class=doors.badge_classes.get(number=1), granted=0
    )
    for number in range(1, 6):
        Quota.objects.filter(pk=quota.pk).update(granted=number)
        walk_in_id, what = uuid7(), entry(f"Ann LEE {number}", delegation.pk)

        made = at_once(*(entering(phone, walk_in_id, what) for _ in range(3)))

        assert sorted(each.is_new for each in made) == [False, False, True]
    quota.refresh_from_db()
    assert (quota.taken, Delegate.objects.count()) == (5, 5)


def test_two_desks_that_ask_for_the_last_place_get_one(doors):
    delegation = make_delegation(doors)
    north = enrolled_phone(doors, capabilities=("desk",))
    south = enrolled_phone(doors, "South door", capabilities=("desk",))
    Quota.objects.create(
        delegation=delegation, badge_class=doors.badge_classes.get(number=1), granted=1
    )

    made = at_once(
        entering(north, uuid7(), entry("Ann LEE", delegation.pk)),
        entering(south, uuid7(), entry("Bo PARK", delegation.pk)),
    )

    assert sum(each == "quota_exhausted" for each in made) == 1
    assert Quota.objects.get().taken == 1
    assert Delegate.objects.count() == 1


def test_one_substitution_sent_twice_at_once_is_one_person(doors):
    phone = enrolled_phone(doors, capabilities=("desk",))
    person = make_person(make_delegation(doors), title_en="Mayor")
    typed = walking_in.Typed(name="Bo PARK", title={})

    def substituted():
        return substituting.substitute(
            delegate=Delegate.objects.get(pk=person.pk),
            typed=typed,
            device=phone.device,
            now=timezone.now(),
        )

    made = at_once(*([substituted] * 4))

    assert sorted(each.is_new for each in made) == [False, False, False, True]
    assert Delegate.objects.count() == 2
