"""Dates and times written out at the venue."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from conference import venue_time

SUZHOU = ZoneInfo("Asia/Shanghai")
OPENING = datetime(2023, 11, 3, 1, 30, tzinfo=UTC)


def test_a_moment_is_written_in_venue_time_and_in_the_readers_language():
    assert venue_time.written_moment(OPENING, SUZHOU, "en") == "Fri 3 Nov 2023, 09:30"
    assert venue_time.written_moment(OPENING, SUZHOU, "zh-hans") == "2023年11月3日 星期五 09:30"


def test_the_day_is_the_day_at_the_venue():
    late = datetime(2023, 11, 3, 18, 0, tzinfo=UTC)

    assert venue_time.written_moment(late, "Asia/Shanghai", "en") == "Sat 4 Nov 2023, 02:00"


def test_a_span_within_a_day_writes_the_day_once():
    end = datetime(2023, 11, 3, 2, 30, tzinfo=UTC)

    assert venue_time.written_span(OPENING, end, SUZHOU, "en") == "Fri 3 Nov 2023, 09:30–10:30"
    assert (
        venue_time.written_span(OPENING, end, SUZHOU, "zh-hans")
        == "2023年11月3日 星期五 09:30–10:30"
    )


def test_a_span_over_midnight_at_the_venue_writes_both_days():
    end = datetime(2023, 11, 3, 17, 0, tzinfo=UTC)

    assert (
        venue_time.written_span(OPENING, end, SUZHOU, "en")
        == "Fri 3 Nov 2023, 09:30 – Sat 4 Nov 2023, 01:00"
    )


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2023, 11, 3), date(2023, 11, 3), "Fri 3 Nov 2023", "2023年11月3日 星期五"),
        (date(2023, 11, 3), date(2023, 11, 5), "3–5 Nov 2023", "2023年11月3日至5日"),
        (date(2023, 10, 30), date(2023, 11, 2), "30 Oct – 2 Nov 2023", "2023年10月30日至11月2日"),
        (
            date(2023, 12, 30),
            date(2024, 1, 2),
            "30 Dec 2023 – 2 Jan 2024",
            "2023年12月30日至2024年1月2日",
        ),
    ],
)
def test_a_run_of_days_is_as_short_as_it_stays_clear(first, last, english, chinese):
    assert venue_time.written_days(first, last, "en") == english
    assert venue_time.written_days(first, last, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("Asia/Shanghai", "China time", "北京时间"),
        ("America/New_York", "U.S. Eastern time", "美国东部时间"),
        ("America/Porto_Velho", "Porto Velho", "Porto Velho"),
    ],
)
def test_a_zone_has_the_name_that_people_use(zone, english, chinese):
    assert venue_time.zone_name(ZoneInfo(zone), "en") == english
    assert venue_time.zone_name(zone, "zh-hans") == chinese
