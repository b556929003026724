"""The calendar that mailings can bring: each person's agenda as a file."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from conference.errors import NothingToAttach
from conference.models import Conference, Message
from conference.operations import campaigning
from conference.operations.campaigning import PersonalFile
from delegates.models import Delegate
from sessions.documents import calendar
from sessions.documents.agenda import calendar_sessions
from sessions.models import Enrolment, Session
from sessions.operations.audiences import PEOPLE


def offer() -> None:
    """Offer it to people."""
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


def _name(conference: Conference, language: str) -> str:
    with translation.override(language):
        return f"{pgettext('file name', 'agenda')}-{conference.slug}.ics"


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
