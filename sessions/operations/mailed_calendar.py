"""Calendars that mailings can bring: each person's agenda, and the days of the conference."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from conference.errors import NothingToAttach
from conference.models import Conference, Message
from conference.operations import campaigning
from conference.operations.campaigning import PersonalFile
from delegates.models import Delegate
from delegates.operations import audiences, letters
from sessions.documents import calendar
from sessions.documents.agenda import calendar_sessions
from sessions.models import Enrolment, Session
from sessions.operations.audiences import PEOPLE


def offer() -> None:
    """Offer it to people, and the days of the conference to those who are invited."""
    for kind in (letters.INVITATION, letters.REMINDER, audiences.FOCAL_POINTS):
        campaigning.offer(kind=kind, file=_days())
    campaigning.offer(
        kind=PEOPLE,
        file=PersonalFile(
            code="agenda",
            label=_("Calendar of the own agenda (.ics)"),
            content_type="text/calendar",
            name=_name,
            make=_make,
            has=lambda message, about: bool(_sessions(_person(message.conference, about))),
            without=_without,
        ),
    )


def _days() -> PersonalFile:
    return PersonalFile(
        code="conference-days",
        label=_("Calendar with the days of the conference (.ics)"),
        content_type="text/calendar",
        name=_name_of_days,
        make=lambda message, _about: calendar.of_days(message.conference, message.language),
        has=lambda _message, _about: True,
        without=lambda found: found.none(),
    )


def _name_of_days(conference: Conference, language: str) -> str:
    with translation.override(language):
        word = pgettext("file name", "conference")
    return f"{word}-{conference.slug}.ics"


def _name(conference: Conference, language: str) -> str:
    with translation.override(language):
        # Not within the braces of the name: texts to be translated are not found there.
        word = pgettext("file name", "agenda")
    return f"{word}-{conference.slug}.ics"


def _person(conference: Conference, about: str) -> Delegate | None:
    kind, _colon, number = about.partition(":")
    if kind != "delegate" or not number.isdecimal():
        return None
    people = Delegate.objects.filter(conference=conference, pk=int(number))
    return people.select_related("conference").first()


def _sessions(person: Delegate | None) -> list[Session]:
    return calendar_sessions(person) if person else []


def _make(message: Message, about: str) -> bytes:
    person = _person(message.conference, about)
    sessions = _sessions(person)
    if person is None or not sessions:
        raise NothingToAttach(gettext("There is no session in this person's agenda yet."))
    return calendar.of_delegate(person, sessions)


def _without(people: QuerySet[Delegate]) -> QuerySet[Delegate]:
    visible = Session.objects.for_delegates().filter(conference=OuterRef("conference_id"))
    seats = Enrolment.objects.filter(
        delegate=OuterRef("pk"),
        state=Enrolment.State.SEAT,
        session__in=Session.objects.for_delegates(),
    )
    return people.exclude(Exists(visible.filter(takes_enrolments=False)) | Exists(seats))
