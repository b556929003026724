"""Texts of mailings, filled for one recipient: a person, or the focal point of a delegation.

Placeholders are those of letters of invitation: names in braces from a list, each replaced by a
plain string, in one pass.
"""

from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.bilingual import pick, suffix_for
from conference.models import Campaign, Conference
from conference.venue_time import written_days
from delegates.documents import letter
from delegates.documents.letter import Written
from delegates.models import Delegate, Delegation

_OF_ALL: Final[dict[str, str | Promise]] = {
    "conference": _("name of the conference"),
    "theme": _("theme of the conference"),
    "city": _("city of the conference"),
    "dates": _("first and last day"),
}
FOR_PEOPLE: Final[dict[str, str | Promise]] = {
    "name": _("name of the person"),
    "title": _("the person's title or office"),
    "delegation": _("name of the delegation"),
    **_OF_ALL,
    letter.LINK: _("the personal link to the own pages; on a line of its own it becomes a button"),
}
FOR_FOCAL_POINTS: Final[dict[str, str | Promise]] = {
    "addressee": _("name of the focal point, or of the delegation where none is known"),
    "delegation": _("name of the delegation"),
    **_OF_ALL,
    letter.LINK: _("the page of the delegation; on a line of its own it becomes a button"),
}


def for_person(*, campaign: Campaign, person: Delegate, language: str, url: str) -> Written:
    """Fill a mailing for a person; ``url`` is where the link leads."""
    spoken = letter.language_of(campaign, language)
    facts = _facts(campaign.conference, spoken) | {
        "name": person.letter_name,
        "title": pick(person, "title", spoken),
        "delegation": pick(person.delegation, "name", spoken),
    }
    return _written(campaign, facts, spoken, url)


def for_focal_point(*, campaign: Campaign, delegation: Delegation, language: str) -> Written:
    """Fill a mailing for a delegation's focal point, who signs in to read on."""
    spoken = letter.language_of(campaign, language)
    place = pick(delegation, "name", spoken)
    facts = _facts(campaign.conference, spoken) | {
        "addressee": " ".join(delegation.focal_name.split()) or place,
        "delegation": place,
    }
    url = f"{settings.PUBLIC_BASE_URL}{reverse('delegates:my_delegations')}"
    return _written(campaign, facts, spoken, url)


def mail_parts(written: Written, *, conference: Conference) -> tuple[str, str]:
    """Return the letter as plain text and as HTML for mail clients."""
    facts = {
        "letter": written,
        "conference": conference,
        "chinese": suffix_for(written.language) == "zh",
        "has_link": any(
            piece.is_link
            for paragraph in written.paragraphs
            for line in paragraph.lines
            for piece in line
        ),
    }
    with translation.override(written.language):
        return (
            render_to_string("mail/mailing.txt", facts).strip() + "\n",
            render_to_string("mail/mailing.html", facts),
        )


def _facts(conference: Conference, language: str) -> dict[str, str]:
    return {
        "conference": pick(conference, "name", language),
        "theme": pick(conference, "theme", language),
        "city": pick(conference, "city", language),
        "dates": written_days(conference.first_day, conference.last_day, language),
    }


def _written(campaign: Campaign, facts: dict[str, str], language: str, url: str) -> Written:
    return Written(
        subject=" ".join(letter.fill(pick(campaign, "subject", language), facts).split()),
        paragraphs=letter.paragraphs_of(pick(campaign, "body", language), facts),
        language=language,
        url=url,
    )
