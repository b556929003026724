"""Loading: once, whole or not at all, and anew when the rehearsal is over."""

import time
from datetime import date, timedelta

import pytest

from checkin.models import Presence
from conference.models import Conference, Message
from delegates.models import Accreditation, Delegate, Invitation, Quota
from demo.loading import rehearsal as loading
from demo.loading.everything import load
from sessions.models import Session
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_loading_twice_doubles_nothing_and_keeps_what_people_changed():
    load(now=NOW)
    Invitation.objects.filter(state="sent").update(state="opened")
    counts = _counts()
    again = load(now=NOW + timedelta(hours=3))
    assert not again.is_new
    assert _counts() == counts
    assert not Invitation.objects.filter(state="sent").exists()


def test_a_rehearsal_that_is_over_makes_room_for_one_that_starts_today():
    load(now=NOW)
    outcome = load(now=NOW + timedelta(days=2))
    assert outcome.is_new
    fresh = Conference.objects.get(slug="china-us-rehearsal")
    former = Conference.objects.get(slug="china-us-rehearsal-2026-03-10")
    assert (fresh.first_day, former.published) == (date(2026, 3, 12), False)
    assert former.delegates.count() == fresh.delegates.count() == 149
    assert Delegate.objects.get(user__email="delegate@plenary.example").conference == fresh


def test_nothing_of_the_demo_is_loaded_when_a_part_of_it_fails(monkeypatch):
    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(loading, "load_rehearsal", fail)
    with pytest.raises(RuntimeError):
        load(now=NOW)
    assert not Conference.objects.exists()


def test_the_whole_demo_loads_in_less_than_eight_seconds():
    # Time of the processor: a crowded machine does not make the loader slow.
    started = time.process_time()
    load(now=NOW)
    assert time.process_time() - started < 8


def _counts():
    models = (Conference, Delegate, Invitation, Message, Presence, Quota, Session, Accreditation)
    return {model.__name__: model.objects.count() for model in models}
