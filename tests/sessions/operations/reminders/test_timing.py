"""The table of what the pure functions of time answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conference.local_time import first_instant
from sessions.operations.reminders import reasons
from sessions.operations.reminders.timing import (
    Offset,
    Quiet,
    Whereabouts,
    decide,
    is_too_late,
    together,
)

NIGHT = Quiet(begins=time(21), ends=time(8))
SIESTA = Quiet(begins=time(13), ends=time(15))
NEVER = Quiet(begins=time(8), ends=time(8))
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(text)


def written(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("zone", "thing", "offset", "due"),
    [
        ("Asia/Shanghai", "2026-11-03T14:00+08:00", Offset(minutes=30), "2026-11-03T13:30+08:00"),
        (
            "Asia/Shanghai",
            "2026-11-03T14:00+08:00",
            Offset(minutes=90, is_after=True),
            "2026-11-03T15:30+08:00",
        ),
        (
            "Asia/Shanghai",
            "2026-11-03T14:00+08:00",
            Offset(days=1, clock=time(18)),
            "2026-11-02T18:00+08:00",
        ),
        # At a time of day after the start on the same day: the rule says so, it will be too late.
        (
            "Asia/Shanghai",
            "2026-11-03T09:00+08:00",
            Offset(days=0, clock=time(18)),
            "2026-11-03T18:00+08:00",
        ),
        (
            "Asia/Shanghai",
            "2026-11-03T23:30+08:00",
            Offset(days=2, clock=time(9), is_after=True),
            "2026-11-05T09:00+08:00",
        ),
        # The day is that of the venue, not of the server.
        (
            "America/Los_Angeles",
            "2026-11-03T00:30+00:00",
            Offset(days=1, clock=time(18)),
            "2026-11-01T18:00-08:00",
        ),
        # The same wall time the day before, although that day has 23 or 25 hours.
        (
            "America/New_York",
            "2026-03-08T09:00-04:00",
            Offset(minutes=1440),
            "2026-03-07T09:00-05:00",
        ),
        # A time that the clocks skip: the first minute after the gap.
        (
            "America/New_York",
            "2026-03-09T09:00-04:00",
            Offset(days=1, clock=time(2, 30)),
            "2026-03-08T03:00-04:00",
        ),
        # A time that they show twice: the first.
        (
            "America/New_York",
            "2026-11-02T09:00-05:00",
            Offset(days=1, clock=time(1, 30)),
            "2026-11-01T01:30-04:00",
        ),
    ],
)
def test_when_a_reminder_is_due(zone, thing, offset, due):
    wall = offset.wall(at(thing), ZoneInfo(zone))
    assert written(first_instant(wall, ZoneInfo(zone)), zone) == due


SHANGHAI = Whereabouts(home="Asia/Shanghai", venue="Asia/Shanghai")


@pytest.mark.parametrize(
    ("due", "thing", "quiet", "optional", "now", "send_at", "reason"),
    [
        # By day: at its time.
        ("12:00", "14:00", NIGHT, False, None, "03T12:00", reasons.ON_TIME),
        # The ends are outside: at 08:00 and a minute before 21:00 people are written to.
        ("08:00", "14:00", NIGHT, False, None, "03T08:00", reasons.ON_TIME),
        ("20:59", "22:00", NIGHT, False, None, "03T20:59", reasons.ON_TIME),
        # In the night, for something later: after the night.
        ("06:00", "14:00", NIGHT, False, None, "03T08:00", reasons.AFTER_QUIET),
        ("22:00", "+09:30", NIGHT, False, None, "04T08:00", reasons.AFTER_QUIET),
        ("14:00", "16:00", SIESTA, False, None, "03T15:00", reasons.AFTER_QUIET),
        # After the thing there is no end of its use.
        ("22:00", None, NIGHT, True, None, "04T08:00", reasons.AFTER_QUIET),
        # After the night would be too late: before it.
        ("06:30", "07:30", NIGHT, False, None, "02T20:45", reasons.BEFORE_QUIET),
        ("06:30", "07:30", NIGHT, True, None, "02T20:45", reasons.BEFORE_QUIET),
        # On the dot of its beginning is too late as well.
        ("07:00", "08:00", NIGHT, False, None, "02T20:45", reasons.BEFORE_QUIET),
        # Known only in the night: sent in it, or left out.
        ("06:30", "07:30", NIGHT, False, "05:00", "03T06:30", reasons.IN_QUIET),
        ("06:30", "07:30", NIGHT, True, "05:00", None, reasons.LEFT_OUT),
        # No quiet hours at all.
        ("03:00", "04:00", NEVER, True, None, "03T03:00", reasons.ON_TIME),
    ],
)
def test_quiet_hours_move_a_reminder(*, due, thing, quiet, optional, now, send_at, reason):
    def local(text):
        day = "2026-11-04" if text.startswith("+") else "2026-11-03"
        return at(f"{day}T{text.lstrip('+')}+08:00")

    decision = decide(
        due=local(due),
        ends_use=local(thing) if thing else None,
        quiet=quiet,
        whereabouts=SHANGHAI,
        optional=optional,
        now=local(now) if now else LONG_AGO,
    )
    assert decision.reason == reason
    if send_at is None:
        assert decision.send_at is None
    else:
        assert written(decision.send_at, "Asia/Shanghai") == f"2026-11-{send_at}+08:00"


TRAVELLER = Whereabouts(
    home="America/Los_Angeles",
    venue="Asia/Shanghai",
    there_from=at("2026-11-02T12:00+08:00"),
    there_until=at("2026-11-05T12:00+08:00"),
)


@pytest.mark.parametrize(
    ("due", "zone"),
    [
        ("2026-11-01T10:00+08:00", "America/Los_Angeles"),
        ("2026-11-02T12:00+08:00", "Asia/Shanghai"),
        ("2026-11-05T12:00+08:00", "Asia/Shanghai"),
        ("2026-11-05T12:01+08:00", "America/Los_Angeles"),
    ],
)
def test_the_quiet_hours_are_those_of_where_the_person_is(due, zone):
    assert str(TRAVELLER.zone_at(at(due))) == zone


def test_whose_home_is_not_known_lives_at_the_venue():
    assert str(Whereabouts(home="", venue="Asia/Shanghai").zone_at(LONG_AGO)) == "Asia/Shanghai"


def test_at_home_a_morning_of_the_venue_is_night():
    decision = decide(
        due=at("2026-10-20T18:00+08:00"),  # 03:00 in California
        ends_use=at("2026-10-23T18:00+08:00"),
        quiet=NIGHT,
        whereabouts=TRAVELLER,
        optional=False,
        now=LONG_AGO,
    )
    assert written(decision.send_at, "America/Los_Angeles") == "2026-10-20T08:00-07:00"
    assert decision.reason == reasons.AFTER_QUIET


@given(
    due=st.integers(0, 365 * 24 * 60).map(lambda minute: LONG_AGO + timedelta(minutes=minute)),
    minutes=st.integers(1, 3 * 24 * 60),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    optional=st.booleans(),
)
def test_nothing_goes_in_quiet_hours_but_what_cannot_wait(due, minutes, zone, hours, optional):
    begins, ends = hours
    assume((begins - ends) % 24 != 1)  # clocks may skip the one hour between two nights
    quiet = Quiet(begins=time(begins), ends=time(ends))
    home = Whereabouts(home=zone, venue=zone)
    ends_use = due + timedelta(minutes=minutes)
    decision = decide(
        due=due,
        ends_use=ends_use,
        quiet=quiet,
        whereabouts=home,
        optional=optional,
        now=due - timedelta(hours=2),
    )
    if decision.reason == reasons.LEFT_OUT:
        assert optional
        assert decision.send_at is None
        return
    assert decision.send_at < ends_use
    in_quiet = quiet.around(decision.send_at, ZoneInfo(zone)) is not None
    assert in_quiet is (decision.reason == reasons.IN_QUIET)


@pytest.mark.parametrize(
    ("now", "is_late"),
    [("12:00", False), ("14:00", False), ("14:01", True), ("15:00", True)],
)
def test_two_hours_late_is_too_late(now, is_late):
    day = "2026-11-03T{}+08:00"
    assert (
        is_too_late(
            send_at=at(day.format("12:00")),
            ends_use=at(day.format("14:30")),
            now=at(day.format(now)),
        )
        is is_late
    )


def test_from_the_start_on_it_is_too_late_and_after_a_thing_only_lateness_counts():
    start = at("2026-11-03T14:00+08:00")
    assert is_too_late(send_at=start - timedelta(minutes=30), ends_use=start, now=start)
    assert not is_too_late(send_at=start + timedelta(hours=1), ends_use=None, now=start)


@dataclass
class Part:
    name: str
    send_at: datetime
    is_of_deadline: bool = False
    is_optional: bool = False
    zone: str = "Asia/Shanghai"


def part(name, clock, day=3, **fields):
    return Part(name, at(f"2026-11-{day:02}T{clock}+08:00"), **fields)


@pytest.mark.parametrize(
    ("parts", "minutes", "letters"),
    [
        ([part("a", "09:00"), part("b", "09:59")], 60, ["ab"]),
        ([part("a", "09:00"), part("b", "10:00")], 60, ["a", "b"]),
        # The window begins with the first; it does not creep on.
        ([part("a", "09:00"), part("b", "09:40"), part("c", "10:20")], 60, ["ab", "c"]),
        ([part("b", "09:30"), part("a", "09:00")], 60, ["ab"]),
        # No window: only what is to leave at the same moment.
        ([part("a", "09:00"), part("b", "09:00"), part("c", "09:01")], 0, ["ab", "c"]),
        # Deadlines: the same day, whatever the hour.
        (
            [
                part("a", "09:00", is_of_deadline=True),
                part("b", "19:00", is_of_deadline=True),
                part("c", "09:00", day=4, is_of_deadline=True),
            ],
            60,
            ["ab", "c"],
        ),
        # A deadline does not draw a session's reminder forward by hours.
        ([part("a", "09:00", is_of_deadline=True), part("b", "19:00")], 60, ["a", "b"]),
        # What one can do without does not ride with what one cannot.
        (
            [part("a", "09:00"), part("b", "09:10", is_optional=True), part("c", "09:20")],
            60,
            ["ac", "b"],
        ),
        ([], 60, []),
    ],
)
def test_what_falls_into_one_window_goes_as_one_letter(parts, minutes, letters):
    found = together(parts, within=timedelta(minutes=minutes))
    assert ["".join(each.name for each in letter) for letter in found] == letters
