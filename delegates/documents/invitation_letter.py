"""A letter of invitation on paper: with its personal link as a QR code, or a copy without."""

from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick, suffix_for
from conference.documents import pdf, qr
from delegates.documents.letter import Paragraph, Written
from delegates.models import Delegation


def invitation_letter(written: Written, *, delegation: Delegation, addressee: str = "") -> bytes:
    """Return the PDF of the letter: one page of A4 where the text allows it.

    A letter without an address is a copy: it has no code, and says who answers. It is addressed to
    the focal point unless another ``addressee`` is given.
    """
    conference = delegation.conference
    with translation.override(written.language):
        # On paper the address stands once, beside its code.
        link = _("(see below)") if written.url else _("(in the e-mail)")
        return pdf.render(
            "invitation_letter.typ",
            {
                "lang": suffix_for(written.language),
                "conference": pick(conference, "name", written.language),
                "theme": pick(conference, "theme", written.language),
                "addressee": addressee or delegation.focal_name,
                "delegation": pick(delegation, "name", written.language),
                "subject": written.subject,
                "paragraphs": [
                    _lines(paragraph, link)
                    for paragraph in written.paragraphs
                    if not paragraph.is_button
                ],
                "scan": _("Scan the code, or type the address below, to answer:"),
                "personal": _(
                    "This link is personal. Whoever has it can answer for the delegation: "
                    "pass it on only to those who should."
                )
                if written.url
                else _(
                    "This is a copy for your papers. The delegation's focal point answers, by the "
                    "personal link in the e-mail."
                ),
                "url": written.url,
                "qr": qr.qr_svg_file(written.url).decode() if written.url else "",
            },
        )


def _lines(paragraph: Paragraph, link: str) -> list[str]:
    return [
        "".join(link if piece.is_link else piece.text for piece in line) for line in paragraph.lines
    ]
