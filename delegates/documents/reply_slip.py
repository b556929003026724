"""A reply slip on paper: what is known is filled in, the rest is written by hand."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick, suffix_for
from conference.documents import pdf, qr
from conference.venue_time import written_date, written_days, written_moment, zone_name
from delegates.models import Delegate, Delegation, Invitation

_State = Invitation.State


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What a slip is about; ``url`` is the address at which the same answer can be given."""

    invitation: Invitation
    delegation: Delegation
    head: Delegate | None
    people: int
    url: str


def reference_of(invitation: Invitation) -> str:
    """Return the sign by which a slip that came by fax or post is found again."""
    return f"{invitation.conference.slug.upper()} / {invitation.delegation_id}-{invitation.pk}"


def reply_slip(slip: Slip, *, language: str) -> bytes:
    """Return the PDF of the slip in this language: one page of A4."""
    with translation.override(language):
        return pdf.render("reply_slip.typ", _facts(slip, language))


def _facts(slip: Slip, language: str) -> dict[str, object]:
    invitation, delegation = slip.invitation, slip.delegation
    conference = delegation.conference
    days = written_days(conference.first_day, conference.last_day, language)
    city = pick(conference, "city", language)
    return {
        "lang": suffix_for(language),
        "conference": pick(conference, "name", language),
        "when": " · ".join(filter(None, [days, city])),
        "title": _("Reply slip"),
        "sections": {
            "who": _("Delegation"),
            "answer": _("Answer (please tick one)"),
            "contact": _("Who can be asked"),
            "note": _("Note"),
            "back": _("Please return this slip"),
        },
        "who": [
            [_("Reference"), reference_of(invitation)],
            [_("Delegation"), pick(delegation, "name", language)],
            [_("Answer due by"), _deadline(slip, language)],
            [_("Head of delegation"), _head(slip.head, language)],
            [_("Number of people"), str(slip.people) if slip.people else ""],
        ],
        "answers": [
            [invitation.state == _State.ACCEPTED, _("Yes, the delegation comes."), ""],
            [
                invitation.state == _State.TENTATIVE,
                _("The delegation may come. We will know by:"),
                written_date(invitation.know_by, language)
                if invitation.know_by
                else "____________",
            ],
            [invitation.state == _State.DECLINED, _("No, nobody comes."), ""],
        ],
        "contact": [
            [_("Name"), delegation.focal_name],
            [_("Phone"), delegation.focal_phone],
            [_("Fax"), ""],
            [_("E-mail"), delegation.focal_email],
        ],
        "sign": [_("Date"), _("Signature"), _("Seal")],
        "back": [[_("by e-mail"), conference.reply_to], [_("by fax"), ""]],
        "scan": _("Or answer without paper: scan the code, or open this address."),
        "url": slip.url,
        "qr": qr.qr_svg_file(slip.url).decode(),
    }


def _deadline(slip: Slip, language: str) -> str:
    deadline, zone = slip.invitation.deadline, slip.delegation.conference.zone
    if deadline is None:
        return ""
    moment, name = written_moment(deadline, zone, language), zone_name(zone, language)
    return f"{moment}（{name}）" if suffix_for(language) == "zh" else f"{moment} ({name})"


def _head(head: Delegate | None, language: str) -> str:
    if head is None:
        return ""
    joint = "，" if suffix_for(language) == "zh" else ", "
    return joint.join(filter(None, [head.letter_name, pick(head, "title", language)]))
