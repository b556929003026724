"""Template tags for dates and times at the venue. ``place`` is a conference or a zone's name."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conference import venue_time
from conference.bilingual import suffix_for

register = template.Library()


@register.filter
def venue_moment(moment: datetime | None, place: Any) -> str:
    """Write ``Fri 3 Nov 2023, 09:30``: ``{{ session.starts_at|venue_moment:conference }}``."""
    return venue_time.written_moment(moment, _zone(place), get_language()) if moment else ""


@register.filter
def venue_date(moment: datetime | None, place: Any) -> str:
    """Write the day of a moment, ``Fri 3 Nov 2023``."""
    if not moment:
        return ""
    return venue_time.written_date(venue_time.at_venue(moment, _zone(place)).date(), get_language())


@register.filter
def venue_clock(moment: datetime | None, place: Any) -> str:
    """Write the time of day, ``09:30``."""
    return venue_time.written_clock(moment, _zone(place)) if moment else ""


@register.filter
def day(value: date | None) -> str:
    """Write a calendar day that has no time: ``{{ delegation.nominations_close|day }}``."""
    return venue_time.written_date(value, get_language()) if value else ""


@register.simple_tag
def days(first: date, last: date) -> str:
    """Write a run of days: ``{% days conference.first_day conference.last_day %}``."""
    return venue_time.written_days(first, last, get_language())


@register.simple_tag
def zone_name(place: Any) -> str:
    """Name the zone in which a page's times are, once per page: ``China time``."""
    return venue_time.zone_name(_zone(place), get_language())


@register.simple_tag
def zone_note(place: Any) -> str:
    """Name the zone right behind a time, in the brackets of the language: `` (China time)``."""
    name = zone_name(place)
    return f"（{name}）" if suffix_for(get_language()) == "zh" else f" ({name})"


@register.simple_tag
def when(moment: datetime | None, place: Any, form: str = "moment") -> SafeString:
    """Write a moment as a ``<time>`` element; ``form`` is ``moment``, ``date`` or ``clock``.

    The home-time switch (``static/js/home-time.js``) finds these elements.
    """
    if not moment:
        return SafeString("")
    written = {"moment": venue_moment, "date": venue_date, "clock": venue_clock}[form]
    local = venue_time.at_venue(moment, _zone(place))
    return format_html(
        '<time datetime="{}" data-form="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        form,
        written(moment, place),
    )


@register.simple_tag
def span(starts_at: datetime, ends_at: datetime, place: Any, form: str = "moment") -> SafeString:
    """Write from when to when as ``<time>`` elements; ``form="clock"`` leaves the day out."""
    zone = _zone(place)
    if form == "clock":
        words = (
            f"{venue_time.written_clock(starts_at, zone)}–{venue_time.written_clock(ends_at, zone)}"
        )
    else:
        words = venue_time.written_span(starts_at, ends_at, zone, get_language())
    return format_html(
        '<time datetime="{}" data-until="{}" data-form="{}">{}</time>',
        venue_time.at_venue(starts_at, zone).isoformat(timespec="minutes"),
        venue_time.at_venue(ends_at, zone).isoformat(timespec="minutes"),
        form,
        words,
    )


def _zone(place: Any) -> ZoneInfo:
    """Return the zone of a conference (anything with ``timezone``) or of a zone's name."""
    name = getattr(place, "timezone", place)
    return ZoneInfo(str(name))
