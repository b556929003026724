"""Where a session is, in words."""

from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.models import Language
from sessions.models import Session


def place_in(session: Session, language: str | None) -> str:
    """Return room, floor and building, or the place as written; empty if nothing is known yet."""
    comma = "，" if (language or "").lower().startswith("zh") else ", "
    parts: list[str] = []
    if session.room is not None:
        parts = [
            pick(session.room, "name", language),
            _floor(session.room.floor, language),
            pick(session.room.venue, "name", language),
        ]
    parts.append(pick(session, "place", language))
    return comma.join(dict.fromkeys(part for part in parts if part))


def _floor(floor: str, language: str | None) -> str:
    if not floor:
        return ""
    with translation.override(language):
        return _("floor %(floor)s") % {"floor": floor}


def place_in_both(session: Session) -> str:
    """Return the place in English and Chinese, for programs that know no language of the reader."""
    return " / ".join(
        dict.fromkeys(
            place
            for place in (place_in(session, Language.ENGLISH), place_in(session, Language.CHINESE))
            if place
        )
    )
