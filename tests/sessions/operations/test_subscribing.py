from datetime import timedelta

import pytest

from delegates.errors import LinkNotValid
from delegates.models import PersonalLink
from delegates.operations import linking
from sessions.operations.subscribing import calendar_address, renew, subscribe


def opens(address, now):
    token = address.rpartition("/")[2].removesuffix(".ics")
    return linking.find(token=token, purpose="calendar", now=now).delegate


def test_there_is_no_calendar_before_it_is_asked_for(alice, now):
    assert calendar_address(delegate=alice, now=now) is None
    assert PersonalLink.objects.count() == 0


def test_the_address_opens_the_delegates_calendar_and_is_shown_again(alice, bo, now):
    address = subscribe(delegate=alice, now=now)
    assert subscribe(delegate=alice, now=now) == address
    assert calendar_address(delegate=alice, now=now) == address
    assert opens(address, now) == alice
    assert subscribe(delegate=bo, now=now) != address


def test_the_token_is_not_in_the_table(alice, now):
    address = subscribe(delegate=alice, now=now)
    link = PersonalLink.objects.get()
    assert (link.purpose, link.delegate) == ("calendar", alice)
    assert link.token_hash not in address


def test_a_new_address_makes_the_old_one_useless(alice, now):
    old = subscribe(delegate=alice, now=now)
    new = renew(delegate=alice, now=now + timedelta(minutes=1))
    assert new != old
    assert calendar_address(delegate=alice, now=now + timedelta(minutes=2)) == new
    assert opens(new, now + timedelta(minutes=2)) == alice
    with pytest.raises(LinkNotValid):
        opens(old, now + timedelta(minutes=2))


def test_an_address_made_under_another_key_still_opens_but_is_not_shown(alice, now, settings):
    address = subscribe(delegate=alice, now=now)
    settings.SECRET_KEY = "another key, since the first one was lost"
    assert opens(address, now) == alice
    assert calendar_address(delegate=alice, now=now) is None
