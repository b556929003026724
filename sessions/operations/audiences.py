"""Narrowing mailings to those who have to do with sessions."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.bilingual import pick
from conference.models import Conference
from conference.operations import campaigning
from conference.operations.campaigning import Narrowing
from conference.venue_time import written_moment
from delegates.models import Delegate
from sessions.models import Appearance, Enrolment, Session

PEOPLE = "people"


def register() -> None:
    """Offer both ways; the kind of audience comes from the delegates."""
    for way in (
        Narrowing(code="enrolled", label=_("Has a seat in"), choices=_sessions, narrow=_enrolled),
        Narrowing(code="speaker", label=_("Speaks in"), choices=_sessions, narrow=_speaking),
    ):
        campaigning.narrow_by(kind=PEOPLE, way=way)


def _sessions(conference: Conference) -> list[tuple[str, str]]:
    found = Session.objects.filter(conference=conference).order_by("starts_at", "pk")
    return [(str(each.pk), _in_words(each, conference)) for each in found]


def _in_words(session: Session, conference: Conference) -> str:
    # Two of the same title are told apart by their time.
    language = get_language()
    when = written_moment(session.starts_at, conference.zone, language)
    return f"{pick(session, 'title', language)} · {when}"


def _enrolled(found: QuerySet[Delegate], chosen: Sequence[str]) -> QuerySet[Delegate]:
    seats = Enrolment.objects.filter(
        delegate=OuterRef("pk"), session__in=list(chosen), state=Enrolment.State.SEAT
    )
    return found.filter(Exists(seats))


def _speaking(found: QuerySet[Delegate], chosen: Sequence[str]) -> QuerySet[Delegate]:
    parts = Appearance.objects.filter(speaker__delegate=OuterRef("pk"), session__in=list(chosen))
    return found.filter(Exists(parts))
