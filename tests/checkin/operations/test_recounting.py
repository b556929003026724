"""The recount finds nothing where all is well, and every difference that is planted."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from checkin.models import Alert, Conflict, Presence, Recount
from checkin.operations import recounting
from tests.checkin.conftest import lookup_of, make_person

pytestmark = pytest.mark.django_db
#: 05:00 at the venue.
NIGHT = datetime(2026, 11, 3, 21, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_on_its_way(monkeypatch):
    """Look again at once: nothing here is half stored (`tests/races/test_recount.py` has that)."""
    monkeypatch.setattr(recounting, "WAIT_S", 0)


@pytest.fixture
def people(delegation, phone, other_phone, zones):
    """Three persons: one inside, one gone, one let in twice by two phones without a line."""
    inside, gone, twice = (
        make_person(delegation, given_name=name) for name in ("Inside", "Gone", "Twice")
    )
    phone.scan(lookup_of(inside))
    phone.scan(lookup_of(gone))
    phone.scan(lookup_of(gone), direction="out")
    first = phone.record(lookup_of(twice), offline=True, shown="admit")
    second = other_phone.record(
        lookup_of(twice), offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000
    )
    phone.send(first)
    other_phone.send(second)
    assert Conflict.objects.count() == 1
    return {"inside": inside, "gone": gone, "twice": twice}


def recount(conference, now, **how):
    recounting.recount(conference=conference, now=now, **how)
    return Recount.objects.order_by("pk").last()


def test_where_all_is_well_nothing_is_found(conference, people, now):
    made = recount(conference, now)
    assert (made.persons, made.scans, made.difference_count) == (3, 5, 0)
    assert Alert.objects.count() == 0


def test_a_planted_presence_is_found_told_of_and_repaired(conference, people, now):
    right = Presence.objects.values("inside", "entries", "at_scan").get(delegate=people["inside"])
    Presence.objects.filter(delegate=people["inside"]).update(inside=False, entries=2)

    made = recount(conference, now)

    assert made.difference_count == 1
    (told,) = made.differences
    assert (told["what"], told["person"]) == ("presence", people["inside"].pk)
    assert (told["stands"]["inside"], told["should"]["inside"]) == (False, True)
    assert (told["stands"]["entries"], told["should"]["entries"]) == (2, 1)
    alert = Alert.objects.get()
    assert (alert.kind, alert.params["differences"], alert.ended_at) == ("recount", 1, None)

    recount(conference, now, repair=True)
    assert (
        Presence.objects.values("inside", "entries", "at_scan").get(delegate=people["inside"])
        == right
    )
    assert recount(conference, now).difference_count == 0
    assert not Alert.objects.filter(ended_at=None).exists()


def test_a_presence_that_is_missing_and_one_too_many_are_found(conference, people, zones, now):
    Presence.objects.filter(delegate=people["gone"]).delete()
    Presence.objects.create(
        conference=conference,
        delegate=people["gone"],
        zone=zones["Hall"],
        inside=True,
        entries=1,
        in_ms=1,
        at_ms=1,
    )
    assert recount(conference, now).difference_count == 2
    recount(conference, now, repair=True)
    assert recount(conference, now).difference_count == 0


def test_a_lost_conflict_and_an_untrue_one_are_found(conference, people, zones, now):
    Conflict.objects.all().delete()
    Conflict.objects.create(
        id="0" * 32,
        conference=conference,
        delegate=people["gone"],
        zone=zones["Venue"],
        kind="double_entry",
        raised_at=now,
    )
    made = recount(conference, now)
    assert {(each["what"], each["person"]) for each in made.differences} == {
        ("conflict", people["twice"].pk),
        ("conflict", people["gone"].pk),
    }
    recount(conference, now, repair=True)
    assert recount(conference, now).difference_count == 0
    assert Conflict.objects.get(pk="0" * 32).state == Conflict.State.MOOT


def test_a_settled_conflict_is_no_difference(conference, people, now):
    Conflict.objects.update(state=Conflict.State.SETTLED)
    assert recount(conference, now).difference_count == 0


def test_the_board_is_compared_with_the_folds(conference, people, now, monkeypatch):
    honest = recounting.live.count

    def dishonest(*args, **kwargs):
        """Return a board that has counted one person twice."""
        shown = honest(*args, **kwargs)
        object.__setattr__(shown, "arrived", shown.arrived + 1)
        return shown

    monkeypatch.setattr(recounting.live, "count", dishonest)
    (told,) = recount(conference, now).differences
    assert told == {"what": "count", "name": "arrived", "stands": 4, "should": 3}


def test_each_night_is_recounted_once_after_the_reset_of_its_own_place(conference, people):
    conference.devices.update(last_seen_at=NIGHT - timedelta(hours=8))
    for hours in (-3, -0.9, 3):  # 02:00, before the reset has settled, and 08:00 in Suzhou
        assert recounting.recount_tonight(now=NIGHT + timedelta(hours=hours)) == []
    (made,) = recounting.recount_tonight(now=NIGHT)
    assert str(made.night) == "2026-11-04"
    assert recounting.recount_tonight(now=NIGHT + timedelta(minutes=10)) == []
    assert recounting.recount(conference=conference, now=NIGHT, night=made.night) is None
    (tomorrow,) = recounting.recount_tonight(now=NIGHT + timedelta(days=1))
    assert str(tomorrow.night) == "2026-11-05"


def test_from_a_shell_a_difference_is_an_error_until_it_is_repaired(conference, people):
    out = io.StringIO()
    call_command("recount", conference.slug, stdout=out)
    assert out.getvalue().startswith("3 persons, 5 scans, 0 differences")
    Presence.objects.filter(delegate=people["gone"]).update(entries=7)
    with pytest.raises(CommandError):
        call_command("recount", conference.slug, stdout=out)
    call_command("recount", conference.slug, "--repair", stdout=out)
    call_command("recount", conference.slug, stdout=out)


def test_a_shell_is_told_of_a_conference_that_does_not_exist(db):
    with pytest.raises(CommandError, match="There is no conference"):
        call_command("recount", "nowhere")
