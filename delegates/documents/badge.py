"""The badge as a PDF: a page for each person, in both scripts, of A6 or as a label."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from conference.documents import pdf, qr
from conference.models import Language
from delegates.models import Badge, Delegate

_GETA = "〓"  # the printers' mark for a sort that is not in the case


class Paper(StrEnum):
    """What a badge is printed on: A6 upright, or a label of 90 × 62 mm from a roll."""

    A6 = "a6"
    LABEL = "label"


class Medium(StrEnum):
    """What a badge is handed out as: a document, or a picture that a page of ours prints."""

    PDF = "pdf"
    SVG = "svg"

    @property
    def media_type(self) -> str:
        """What an answer with it says that it is."""
        return "application/pdf" if self is Medium.PDF else "image/svg+xml"


_SOURCES = {Paper.A6: "badge.typ", Paper.LABEL: "badge_label.typ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFace:
    """What stands on one badge. Texts may be empty; ``first`` never is."""

    conference_en: str
    conference_zh: str
    theme_en: str
    theme_zh: str
    honorific: str
    first: str
    second: str
    title_en: str
    title_zh: str
    delegation_en: str
    delegation_zh: str
    class_en: str
    class_zh: str
    colour: str
    ink: str
    issue: int
    provisional: bool
    qr: str

    @classmethod
    def of(cls, badge: Badge, code: str) -> Self:
        """Return the face of a badge whose QR code says ``code``."""
        delegate, conference = badge.delegate, badge.conference
        first, second = names_on_badge(delegate)
        return cls(
            conference_en=conference.name_en,
            conference_zh=conference.name_zh,
            theme_en=conference.theme_en,
            theme_zh=conference.theme_zh,
            honorific=delegate.honorific,
            first=first,
            second=second,
            title_en=delegate.title_en or delegate.organisation_en,
            title_zh=delegate.title_zh or delegate.organisation_zh,
            delegation_en=delegate.delegation.name_en,
            delegation_zh=delegate.delegation.name_zh,
            class_en=badge.badge_class.name_en,
            class_zh=badge.badge_class.name_zh,
            colour=badge.badge_class.colour,
            ink=_readable_on(badge.badge_class.colour),
            issue=badge.issue,
            provisional=badge.provisional,
            qr=qr.qr_svg_file(code).decode(),
        )


def names_on_badge(delegate: Delegate) -> tuple[str, str]:
    """Return the name in large letters and the one below it (which may be empty).

    Who reads Chinese has the characters on top, if the fonts can draw all of them. A name with
    an undrawable character is left to the other script; if there is none, a mark stands for it.
    """
    latin, native = delegate.badge_name or delegate.latin_name, delegate.native_name
    if latin == native:
        native = ""
    if missing := pdf.undrawable(native):
        native = "" if latin else native.translate({ord(letter): _GETA for letter in missing})
    names = (native, latin) if delegate.language == Language.CHINESE else (latin, native)
    first, second = names if names[0] else (names[1], "")
    return first, second


def undrawable_in_name(delegate: Delegate) -> str:
    """Return the characters of the name that a printed badge cannot show."""
    return pdf.undrawable(delegate.badge_name + delegate.native_name)


def badge_sheet(faces: Sequence[BadgeFace], *, paper: str = Paper.A6) -> bytes:
    """Return the PDF of these badges, one page each."""
    return pdf.render(_SOURCES[Paper(paper)], [asdict(face) for face in faces])


def badge_picture(face: BadgeFace, *, paper: str = Paper.A6) -> bytes:
    """Return an SVG of the badge, of the size of the paper."""
    return pdf.picture(_SOURCES[Paper(paper)], [asdict(face)])


def _readable_on(colour: str) -> str:
    """Return black or white, whichever reads better on ``#rrggbb`` (WCAG relative luminance)."""
    try:
        channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    except ValueError:
        return "#ffffff"
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if luminance > 0.179 else "#ffffff"
