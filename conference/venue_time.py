"""Dates and times written out, in the time of the venue and in the reader's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from conference.bilingual import suffix_for

_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_DAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_ZONES_ZH = {
    "Asia/Shanghai": "北京时间",
    "Asia/Hong_Kong": "香港时间",
    "America/New_York": "美国东部时间",
    "America/Chicago": "美国中部时间",
    "America/Denver": "美国山地时间",
    "America/Phoenix": "美国亚利桑那时间",
    "America/Los_Angeles": "美国太平洋时间",
    "America/Anchorage": "美国阿拉斯加时间",
    "Pacific/Honolulu": "美国夏威夷时间",
    "Asia/Tokyo": "东京时间",
    "Europe/London": "伦敦时间",
    "Europe/Paris": "巴黎时间",
    "Australia/Sydney": "悉尼时间",
    "UTC": "协调世界时",
}
_ZONES_EN = {
    "Asia/Shanghai": "China time",
    "Asia/Hong_Kong": "Hong Kong time",
    "America/New_York": "U.S. Eastern time",
    "America/Chicago": "U.S. Central time",
    "America/Denver": "U.S. Mountain time",
    "America/Phoenix": "U.S. Arizona time",
    "America/Los_Angeles": "U.S. Pacific time",
    "America/Anchorage": "U.S. Alaska time",
    "Pacific/Honolulu": "U.S. Hawaii time",
}


def at_venue(moment: datetime, zone: ZoneInfo | str) -> datetime:
    """Return the aware ``moment`` as the venue's clocks show it."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def written_date(day: date, language: str | None) -> str:
    """Return ``Fri 3 Nov 2023``, or ``2023年11月3日 星期五``."""
    if suffix_for(language) == "zh":
        return f"{day.year}年{day.month}月{day.day}日 {_DAYS_ZH[day.weekday()]}"
    return f"{_DAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def written_days(first: date, last: date, language: str | None) -> str:
    """Return a run of days as shortly as it stays clear: ``3–5 Nov 2023``, ``2023年11月3日至5日``.

    One day is written with its weekday, as :func:`written_date` does.
    """
    if first == last:
        return written_date(first, language)
    if suffix_for(language) == "zh":
        end = f"{last.day}日"
        if (first.year, first.month) != (last.year, last.month):
            end = f"{last.month}月{end}"
        if first.year != last.year:
            end = f"{last.year}年{end}"
        return f"{first.year}年{first.month}月{first.day}日至{end}"
    start = str(first.day)
    if (first.year, first.month) == (last.year, last.month):
        return f"{start}–{last.day} {_MONTHS_EN[last.month - 1]} {last.year}"
    start = f"{start} {_MONTHS_EN[first.month - 1]}"
    if first.year != last.year:
        start = f"{start} {first.year}"
    return f"{start} – {last.day} {_MONTHS_EN[last.month - 1]} {last.year}"


def written_clock(moment: datetime, zone: ZoneInfo | str) -> str:
    """Return the time of day at the venue, ``09:30``, in both languages."""
    return f"{at_venue(moment, zone):%H:%M}"


def written_moment(moment: datetime, zone: ZoneInfo | str, language: str | None) -> str:
    """Return ``Fri 3 Nov 2023, 09:30``, or ``2023年11月3日 星期五 09:30``."""
    day = written_date(at_venue(moment, zone).date(), language)
    joint = " " if suffix_for(language) == "zh" else ", "
    return f"{day}{joint}{written_clock(moment, zone)}"


def written_span(
    starts_at: datetime, ends_at: datetime, zone: ZoneInfo | str, language: str | None
) -> str:
    """Return ``Fri 3 Nov 2023, 09:30–10:30``; an end on another day is written out as well."""
    start = written_moment(starts_at, zone, language)
    if at_venue(starts_at, zone).date() == at_venue(ends_at, zone).date():
        return f"{start}–{written_clock(ends_at, zone)}"
    return f"{start} – {written_moment(ends_at, zone, language)}"


def zone_name(zone: ZoneInfo | str, language: str | None) -> str:
    """Return what people call the zone: ``China time``, ``北京时间``; else its city."""
    key = str(zone)
    names = _ZONES_ZH if suffix_for(language) == "zh" else _ZONES_EN
    return names.get(key, key.rpartition("/")[2].replace("_", " "))
