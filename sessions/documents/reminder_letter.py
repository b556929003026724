"""The words of reminders: a rule's text filled for one person, and one letter of several.

Greeting, personal link and name of the conference are the letter's frame, so that a rule says only
what it reminds of. Placeholders are those of letters of invitation: names in braces from a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.bilingual import pick, suffix_for
from conference.models import Conference, Language
from conference.venue_time import written_days, written_moment, written_span, zone_name
from delegates.documents import letter
from delegates.documents.letter import Paragraph
from delegates.models import Delegation
from sessions.documents.notices import Notice
from sessions.documents.places import place_in
from sessions.models import ReminderRule

About = ReminderRule.About
_COMMON: Final[dict[str, str | Promise]] = {
    "addressee": gettext_lazy("name of the recipient"),
    "delegation": gettext_lazy("name of the delegation"),
    "conference": gettext_lazy("name of the conference"),
    "city": gettext_lazy("city of the conference"),
    "dates": gettext_lazy("first and last day"),
}
_SESSION: Final[dict[str, str | Promise]] = {
    "session": gettext_lazy("title of the session"),
    "start": gettext_lazy("day and time of its start, in venue time"),
    "when": gettext_lazy("day, start and end, with the zone"),
    "place": gettext_lazy("room, floor and building"),
}
_DEADLINE: Final[dict[str, str | Promise]] = {
    "deadline": gettext_lazy("by when it is due, in venue time")
}
_ARRIVAL: Final[dict[str, str | Promise]] = {
    "arrival": gettext_lazy("day and time of the arrival, in venue time"),
    "by": gettext_lazy("by what the person arrives, as given"),
}


@dataclass(frozen=True, kw_only=True)
class PartText:
    """One reminder in words."""

    subject: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """The body as plain text."""
        return "\n\n".join(
            "\n".join("".join(piece.text for piece in line) for line in paragraph.lines)
            for paragraph in self.paragraphs
        )


def placeholders_for(about: str) -> dict[str, str | Promise]:
    """Return what may stand in braces in the text of a rule about this, with what it means."""
    own = {About.SESSION: _SESSION, About.ARRIVAL: _ARRIVAL}.get(About(about), _DEADLINE)
    return {**own, **_COMMON}


def language_of(rule: ReminderRule, wanted: str) -> str:
    """Return the language in which the rule is written to a reader of ``wanted``.

    A rule that lacks the wanted text goes out in the other one, whole.
    """
    suffix = suffix_for(wanted)
    if getattr(rule, f"subject_{suffix}") and getattr(rule, f"body_{suffix}"):
        return wanted
    return Language.ENGLISH if suffix == "zh" else Language.CHINESE


def write_part(
    *,
    rule: ReminderRule,
    about: Any,
    at: datetime,
    addressee: str,
    delegation: Delegation,
    language: str,
) -> PartText:
    """Fill the rule's text for one person; ``about`` is the session or the delegate."""
    spoken = language_of(rule, language)
    facts = _common(rule.conference, addressee, delegation, spoken)
    facts |= _own(rule, about, at, spoken)
    return PartText(
        subject=letter.one_line(letter.fill(pick(rule, "subject", spoken), facts)),
        paragraphs=letter.paragraphs_of(pick(rule, "body", spoken), facts),
    )


def unfilled(*, rule: ReminderRule, language: str) -> PartText:
    """Return the rule's text as it is written, placeholders and all."""
    spoken = language_of(rule, language)
    return PartText(
        subject=pick(rule, "subject", spoken),
        paragraphs=letter.paragraphs_of(pick(rule, "body", spoken), {}),
    )


def write(
    *,
    parts: Sequence[PartText],
    addressee: str,
    conference: Conference,
    language: str,
    url: str,
    is_focal: bool,
) -> Notice:
    """Put the parts into one letter; several are numbered under their own headings."""
    with translation.override(language):
        subject = parts[0].subject
        if others := len(parts) - 1:
            more = ngettext(
                "%(subject)s, and %(count)d more", "%(subject)s, and %(count)d more", others
            )
            subject = more % {"subject": subject, "count": others}
        facts = {
            "parts": parts,
            "addressee": addressee,
            "conference": conference,
            "chinese": suffix_for(language) == "zh",
            "url": url,
            "link": _("Your delegation's page") if is_focal else _("Your agenda"),
            "button": _("Open your delegation's page") if is_focal else _("Open your agenda"),
        }
        return Notice(
            subject=subject,
            text=render_to_string("sessions/mail/reminder.txt", facts).strip() + "\n",
            html=render_to_string("sessions/mail/reminder.html", facts),
        )


def _common(
    conference: Conference, addressee: str, delegation: Delegation, language: str
) -> dict[str, str]:
    return {
        "addressee": addressee,
        "delegation": pick(delegation, "name", language),
        "conference": pick(conference, "name", language),
        "city": pick(conference, "city", language),
        "dates": written_days(conference.first_day, conference.last_day, language),
    }


def _own(rule: ReminderRule, about: Any, at: datetime, language: str) -> dict[str, str]:
    zone = rule.conference.zone
    moment = written_moment(at, zone, language)
    if rule.about == About.SESSION:
        with translation.override(language):
            place = place_in(about, language) or _("to be announced")
        span = written_span(about.starts_at, about.ends_at, zone, language)
        return {
            "session": pick(about, "title", language),
            "start": moment,
            "when": _in_zone(span, zone_name(zone, language), language),
            "place": place,
        }
    if rule.about == About.ARRIVAL:
        return {"arrival": moment, "by": about.arrival_by}
    return {"deadline": _in_zone(moment, zone_name(zone, language), language)}


def _in_zone(moment: str, zone: str, language: str) -> str:
    return f"{moment}（{zone}）" if suffix_for(language) == "zh" else f"{moment} ({zone})"
