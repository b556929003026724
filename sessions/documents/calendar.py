"""A delegate's agenda as iCalendar (RFC 5545, with the names of RFC 7986).

Bytes depend on the rows alone, never on the moment of asking, so that a feed can be compared by
its ETag. Folding, escaping and line ends are the library's; the zone's rules are drawn here,
because clients must find the onset of each offset in the time that held before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDuration, vText, vUri

from conference.bilingual import other, pick
from conference.local_time import offset_changes
from conference.models import Conference
from delegates.models import Delegate
from sessions.documents.places import place_in_both
from sessions.models import Session

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often clients are asked to look again.
REFRESH = timedelta(minutes=30)
# Clients need the rules some time around the events, not the history of the zone.
AROUND = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Whose calendar this is, in which language, and where its entries lead."""

    conference: Conference
    sessions: Sequence[Session]
    language: str
    owner: str
    url: str


def write(agenda: Agenda) -> bytes:
    """Return the calendar file of this agenda."""
    with translation.override(agenda.language):
        calendar = _frame(agenda)
        if agenda.sessions:
            calendar.add_component(_rules(agenda.conference.zone, agenda.sessions))
        for session in agenda.sessions:
            calendar.add_component(_event(session, agenda))
    written: bytes = calendar.to_ical()
    return written


def of_delegate(delegate: Delegate, sessions: Sequence[Session]) -> bytes:
    """Return the calendar file of these sessions for a delegate, in her or his language."""
    return write(
        Agenda(
            conference=delegate.conference,
            sessions=sessions,
            language=delegate.language,
            owner=delegate.display_name,
            url=settings.PUBLIC_BASE_URL + reverse("programme:my_agenda"),
        )
    )


def of_days(conference: Conference, language: str) -> bytes:
    """Return the calendar file of the days of a conference, to be kept free by whoever is invited.

    Whole days are those of the venue wherever they are read: there is no zone to convert from.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Plenary//Conference//EN")
    event = Event()
    event.add("uid", f"conference-{conference.slug}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}")
    event.add("dtstamp", datetime.combine(conference.first_day, time(), tzinfo=UTC))
    event.add("dtstart", conference.first_day)
    # The day after the last one: ends are not part of what they end.
    event.add("dtend", conference.last_day + timedelta(days=1))
    event.add("summary", pick(conference, "name", language))
    if city := pick(conference, "city", language):
        event.add("location", city)
    if theme := pick(conference, "theme", language):
        event.add("description", theme)
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _frame(agenda: Agenda) -> Calendar:
    conference = agenda.conference
    name = vText(f"{pick(conference, 'name', agenda.language)} · {agenda.owner}")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Plenary//Agenda//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", vText(conference.timezone))
    calendar.add("url", vUri(agenda.url))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar


def _event(session: Session, agenda: Agenda) -> Event:
    zone = agenda.conference.zone
    event = Event()
    event.add("uid", str(session.uid))
    # Without METHOD, DTSTAMP is when the entry was last revised.
    event.add("dtstamp", session.changed_at.astimezone(UTC))
    event.add("last-modified", session.changed_at.astimezone(UTC))
    event.add("sequence", session.sequence)
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", _summary(session, agenda.language))
    if place := place_in_both(session):
        event.add("location", place)
    if description := _description(session, agenda.language):
        event.add("description", description)
    event.add("categories", [str(session.get_kind_display())])
    event.add("url", vUri(f"{agenda.url}#session-{session.pk}"))
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if session.is_cancelled else "OPAQUE")
    return event


def _summary(session: Session, language: str) -> str:
    title = pick(session, "title", language)
    # Some clients show cancelled entries of a subscribed calendar like all others.
    return _("Cancelled: %(title)s") % {"title": title} if session.is_cancelled else title


def _description(session: Session, language: str) -> str:
    parts = [
        pick(session, "cancel_reason", language) if session.is_cancelled else "",
        other(session, "title", language),
        pick(session, "summary", language),
    ]
    return "\n\n".join(part for part in parts if part)


def _rules(zone: ZoneInfo, sessions: Sequence[Session]) -> Timezone:
    start = (min(session.starts_at for session in sessions) - AROUND).astimezone(UTC)
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    end = max(session.ends_at for session in sessions) + AROUND
    rules = Timezone()
    rules.add("tzid", zone.key)
    for onset in [start, *offset_changes(zone, start, end)]:
        rules.add_component(_observance(zone, onset))
    return rules


def _observance(zone: ZoneInfo, onset: datetime) -> TimezoneStandard | TimezoneDaylight:
    before = (onset - timedelta(seconds=1)).astimezone(zone)
    since = onset.astimezone(zone)
    observance = TimezoneDaylight() if since.dst() else TimezoneStandard()
    offset_before = before.utcoffset() or timedelta()
    observance.add("dtstart", (onset + offset_before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", since.utcoffset() or timedelta())
    observance.add("tzname", since.tzname() or zone.key)
    return observance
