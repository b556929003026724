"""A letter of invitation on paper, with its personal link as a QR code."""

from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick, suffix_for
from conference.documents import pdf, qr
from delegates.documents.letter import Paragraph, Written
from delegates.models import Delegation


def invitation_letter(written: Written, *, delegation: Delegation) -> bytes:
    """Return the PDF of the letter: one page of A4 where the text allows it."""
    conference = delegation.conference
    with translation.override(written.language):
        return pdf.render(
            "invitation_letter.typ",
            {
                "lang": suffix_for(written.language),
                "conference": pick(conference, "name", written.language),
                "theme": pick(conference, "theme", written.language),
                "addressee": delegation.focal_name,
                "delegation": pick(delegation, "name", written.language),
                "subject": written.subject,
                "paragraphs": [
                    _lines(paragraph) for paragraph in written.paragraphs if not paragraph.is_button
                ],
                "scan": _("Scan the code, or type the address below, to answer:"),
                "personal": _(
                    "This link is personal. Whoever has it can answer for the delegation: "
                    "pass it on only to those who should."
                ),
                "url": written.url,
                "qr": qr.qr_svg_file(written.url).decode(),
            },
        )


def _lines(paragraph: Paragraph) -> list[str]:
    # On paper the address stands once, beside its code.
    here = _("(see below)")
    return [
        "".join(here if piece.is_link else piece.text for piece in line) for line in paragraph.lines
    ]
