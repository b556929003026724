"""Letters of invitation: a text with placeholders, filled for one delegation in one language.

A placeholder is a name in braces, taken from a fixed list and replaced by a plain string in one
pass. Nothing is looked up on objects, and what is put in is never read for placeholders again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.bilingual import pick, suffix_for
from conference.documents.placeholders import BRACES, placeholders_in
from conference.models import Campaign, Conference, Language
from conference.venue_time import written_days, written_moment, zone_name
from delegates.models import Delegation

PLACEHOLDERS: Final[dict[str, str | Promise]] = {
    "addressee": _("name of the focal point, or of the delegation where none is known"),
    "delegation": _("name of the delegation"),
    "conference": _("name of the conference"),
    "theme": _("theme of the conference"),
    "city": _("city of the conference"),
    "dates": _("first and last day"),
    "deadline": _("when an answer is due, in venue time"),
    "link": _("the personal link; on a line of its own it becomes a button"),
}
LINK: Final = "link"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in a paragraph, or the place where the link stands."""

    text: str = ""
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as lines of pieces; a link alone on it is drawn as a button."""

    lines: tuple[tuple[Piece, ...], ...]

    @property
    def is_button(self) -> bool:
        """Whether the paragraph is the link and nothing else."""
        return self.lines == ((Piece(is_link=True),),)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter filled for one recipient, before it is laid out as mail, page or paper."""

    subject: str
    paragraphs: tuple[Paragraph, ...]
    language: str
    url: str

    @property
    def text(self) -> str:
        """The body as plain text, with the address in the place of the link."""
        return "\n\n".join(
            "\n".join(
                "".join(self.url if piece.is_link else piece.text for piece in line)
                for line in paragraph.lines
            )
            for paragraph in self.paragraphs
        )


def has_link(text: str) -> bool:
    """Return whether the text says where the personal link goes."""
    return LINK in placeholders_in(text)


def languages_of(campaign: Campaign) -> list[str]:
    """Return the languages in which the mailing has both a subject and a text."""
    return [language for language in Language.values if _is_written(campaign, language)]


def is_ready(campaign: Campaign) -> bool:
    """Return whether the mailing is written in at least one language."""
    return bool(languages_of(campaign))


def language_of(campaign: Campaign, wanted: str) -> str:
    """Return the language in which this mailing is written to a reader of ``wanted``.

    A mailing that lacks the wanted text goes out whole in the other one, never half in each.
    """
    chosen = Language.CHINESE.value if _is_chinese(wanted) else Language.ENGLISH.value
    written = languages_of(campaign)
    return chosen if chosen in written or not written else written[0]


def facts_for(
    *, delegation: Delegation, language: str, deadline: datetime | None
) -> dict[str, str]:
    """Return the value of every placeholder but the link, as plain text in this language."""
    conference = delegation.conference
    place = pick(delegation, "name", language)
    return {
        "addressee": one_line(delegation.focal_name) or place,
        "delegation": place,
        "conference": pick(conference, "name", language),
        "theme": pick(conference, "theme", language),
        "city": pick(conference, "city", language),
        "dates": written_days(conference.first_day, conference.last_day, language),
        "deadline": _written_deadline(conference, deadline, language),
    }


def write(
    *,
    campaign: Campaign,
    delegation: Delegation,
    language: str,
    deadline: datetime | None,
    url: str,
    addressee: str = "",
) -> Written:
    """Fill the mailing's text for this delegation, in this language if it is written in it.

    It is addressed to the focal point unless another ``addressee`` is given.
    """
    spoken = language_of(campaign, language)
    facts = facts_for(delegation=delegation, language=spoken, deadline=deadline)
    if addressee:
        facts["addressee"] = one_line(addressee)
    subject = fill(pick(campaign, "subject", spoken), facts)
    return Written(
        subject=one_line(subject),
        paragraphs=paragraphs_of(pick(campaign, "body", spoken), facts),
        language=spoken,
        url=url,
    )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Replace every known placeholder once; anything else in braces stays as it is."""

    def value(match: re.Match[str]) -> str:
        return facts.get(match[1].strip(), match[0])

    return BRACES.sub(value, text)


def paragraphs_of(body: str, facts: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """Split the body at blank lines and fill it; the link keeps its place, not its address."""
    blocks = re.split(r"\n[ \t]*\n", body.replace("\r\n", "\n").strip())
    return tuple(
        Paragraph(tuple(_pieces(line.strip(), facts) for line in block.strip().split("\n")))
        for block in blocks
        if block.strip()
    )


def mail_parts(written: Written, *, conference: Conference) -> tuple[str, str]:
    """Return the letter as plain text and as HTML for mail clients."""
    facts = {"letter": written, "conference": conference, "chinese": _is_chinese(written.language)}
    with translation.override(written.language):
        return (
            render_to_string("mail/invitation.txt", facts).strip() + "\n",
            render_to_string("mail/invitation.html", facts),
        )


def _pieces(line: str, facts: Mapping[str, str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for match in BRACES.finditer(line):
        if match[1].strip() != LINK:
            continue
        if before := line[end : match.start()]:
            pieces.append(Piece(fill(before, facts)))
        pieces.append(Piece(is_link=True))
        end = match.end()
    if rest := line[end:]:
        pieces.append(Piece(fill(rest, facts)))
    return tuple(pieces)


def _written_deadline(conference: Conference, deadline: datetime | None, language: str) -> str:
    if deadline is None:
        return written_days(conference.first_day, conference.first_day, language)
    moment = written_moment(deadline, conference.zone, language)
    zone = zone_name(conference.zone, language)
    return f"{moment}（{zone}）" if _is_chinese(language) else f"{moment} ({zone})"


def _is_written(campaign: Campaign, language: str) -> bool:
    suffix = suffix_for(language)
    return all(getattr(campaign, f"{part}_{suffix}").strip() for part in ("subject", "body"))


def _is_chinese(language: str) -> bool:
    return suffix_for(language) == "zh"


def one_line(text: str) -> str:
    """Return the text without breaks and double spaces, as a subject must be."""
    return " ".join(text.split())
