from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.local_time import first_instant, offset_changes, wall_minutes_before

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Apia",
]


def written(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("zone", "start", "minutes", "due"),
    [
        # No change of clocks: minutes are minutes.
        ("Asia/Shanghai", "2026-11-03T14:00", 30, "2026-11-03T13:30+08:00"),
        # The same wall time the day before, although that day has 23 or 25 hours.
        ("America/New_York", "2026-03-08T09:00", 1440, "2026-03-07T09:00-05:00"),
        ("America/New_York", "2026-11-01T09:00", 1440, "2026-10-31T09:00-04:00"),
        # 02:30 does not exist on that night: the first minute after the gap.
        ("America/New_York", "2026-03-08T03:30", 60, "2026-03-08T03:00-04:00"),
        ("Europe/London", "2026-03-29T02:15", 60, "2026-03-29T02:00+01:00"),
        # 01:30 is shown twice on that night: the first.
        ("America/New_York", "2026-11-01T03:30", 120, "2026-11-01T01:30-04:00"),
        ("Europe/London", "2026-10-25T03:30", 120, "2026-10-25T01:30+01:00"),
        # Clocks that change by half an hour.
        ("Australia/Lord_Howe", "2026-10-04T03:15", 60, "2026-10-04T02:30+11:00"),
        # A day that never was.
        ("Pacific/Apia", "2011-12-31T12:00", 1440, "2011-12-31T00:00+14:00"),
    ],
)
def test_reminders_follow_the_clocks_on_the_wall(zone, start, minutes, due):
    starts_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    assert written(wall_minutes_before(starts_at, minutes, ZoneInfo(zone)), zone) == due


def test_the_offset_changes_twice_a_year_in_new_york():
    changes = offset_changes(
        NEW_YORK, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert [written(change, "America/New_York") for change in changes] == [
        "2026-03-08T03:00-04:00",
        "2026-11-01T01:00-05:00",
    ]


def test_the_offset_does_not_change_in_shanghai():
    start = datetime(2020, 1, 1, tzinfo=UTC)
    assert offset_changes(ZoneInfo("Asia/Shanghai"), start, start + timedelta(days=3000)) == []


@given(
    zone=st.sampled_from(ZONES),
    wall=st.integers(0, 25 * 365 * 24 * 60).map(
        lambda minute: datetime.fromisoformat("2010-01-01T00:00") + timedelta(minutes=minute)
    ),
)
def test_the_first_instant_shows_the_time_or_ends_its_gap(zone, wall):
    place = ZoneInfo(zone)
    instant = first_instant(wall, place)
    shown = instant.astimezone(place).replace(tzinfo=None)
    if shown == wall:
        hour_before = (instant - timedelta(hours=1)).astimezone(place).replace(tzinfo=None)
        assert hour_before != wall
    else:
        assert shown > wall
        just_before = (instant - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
        assert just_before < wall
