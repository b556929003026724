"""What delegates are told about their sessions, in their own language.

``url`` is where the letter leads: the delegate's own pages.
"""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick, suffix_for
from conference.venue_time import written_moment
from delegates.models import Delegate
from sessions.documents.places import place_in
from sessions.models import Session


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Subject and texts of one letter."""

    subject: str
    text: str
    html: str


def reminder(*, session: Session, delegate: Delegate, url: str) -> Notice:
    """Say when and where the session begins in which the delegate has a seat."""
    with translation.override(delegate.language):
        subject = _("Reminder: %(title)s, %(start)s")
        return _written("reminder", subject, session, delegate, url)


def seat_came_free(*, session: Session, delegate: Delegate, url: str) -> Notice:
    """Say that the delegate has moved up from the waiting list."""
    with translation.override(delegate.language):
        subject = _("You have a seat: %(title)s, %(start)s")
        return _written("seat_came_free", subject, session, delegate, url)


def cancellation(*, session: Session, delegate: Delegate, url: str) -> Notice:
    """Say that the session will not take place, and why."""
    with translation.override(delegate.language):
        subject = _("Cancelled: %(title)s, %(start)s")
        return _written("cancellation", subject, session, delegate, url)


def move(*, session: Session, delegate: Delegate, url: str) -> Notice:
    """Say when and where the session takes place now."""
    with translation.override(delegate.language):
        subject = _("New time or place: %(title)s, %(start)s")
        return _written("move", subject, session, delegate, url)


def _written(name: str, subject: str, session: Session, delegate: Delegate, url: str) -> Notice:
    language = delegate.language
    conference = session.conference
    facts: dict[str, Any] = {
        "session": session,
        "addressee": delegate.letter_name,
        "conference": conference,
        "chinese": suffix_for(language) == "zh",
        "place": place_in(session, language),
        "agenda_url": url,
    }
    title = pick(session, "title", language)
    start = written_moment(session.starts_at, conference.zone, language)
    return Notice(
        subject=subject % {"title": title, "start": start},
        text=render_to_string(f"sessions/mail/{name}.txt", facts).strip() + "\n",
        html=render_to_string(f"sessions/mail/{name}.html", facts),
    )
