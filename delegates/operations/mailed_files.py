"""Files that mailings can bring: each person's badge, and the letter of invitation.

The letter is the one by which the delegation was invited, as a copy without its personal link:
whoever has that link answers for the whole delegation.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference.errors import NothingToAttach
from conference.models import Campaign, Conference, Message
from conference.operations import campaigning
from conference.operations.campaigning import PersonalFile
from delegates.documents import letter
from delegates.documents.invitation_letter import invitation_letter
from delegates.models import Badge, Delegate, Delegation, Invitation
from delegates.operations import audiences, badging, inviting, letters

_PDF = "application/pdf"
_State = Invitation.State


def offer() -> None:
    """Offer the badge to people, and the letter to people, to focal points and with itself."""
    campaigning.offer(
        kind=letters.INVITATION,
        file=PersonalFile(
            code="this-letter",
            label=_("This letter (PDF), without the personal link"),
            content_type=_PDF,
            name=_invitation_name,
            make=_make_this_letter,
            has=lambda _message, _about: True,
            without=lambda delegations: delegations.none(),
            is_of_mailing=True,
        ),
    )
    campaigning.offer(
        kind=letters.REMINDER,
        file=_letter_file(_("Letter of invitation (PDF)"), _delegations_without_letter),
    )
    campaigning.offer(
        kind=audiences.PEOPLE,
        file=_letter_file(_("Letter of invitation (PDF)"), _people_without_letter),
    )
    campaigning.offer(
        kind=audiences.FOCAL_POINTS,
        file=_letter_file(_("Letter of invitation (PDF)"), _delegations_without_letter),
    )
    campaigning.offer(
        kind=audiences.PEOPLE,
        file=PersonalFile(
            code="badge",
            label=_("Badge (PDF)"),
            content_type=_PDF,
            name=lambda conference, language: _name(
                pgettext_lazy("file name", "badge"), conference, language
            ),
            make=_make_badge,
            has=lambda message, about: _badges(message.conference, about).exists(),
            without=_people_without_badge,
        ),
    )


def _letter_file(label: Any, without: Any) -> PersonalFile:
    return PersonalFile(
        code="invitation-letter",
        label=label,
        content_type=_PDF,
        name=_invitation_name,
        make=_make_letter,
        has=lambda message, about: _invitation(message.conference, about) is not None,
        without=without,
    )


def _invitation_name(conference: Conference, language: str) -> str:
    return _name(pgettext_lazy("file name", "invitation"), conference, language)


def _name(word: Any, conference: Conference, language: str) -> str:
    with translation.override(language):
        return f"{word}-{conference.slug}.pdf"


def _badges(conference: Conference, about: str) -> QuerySet[Badge]:
    return badging.valid_badges(conference).filter(delegate=_number(about, "delegate"))


def _make_badge(message: Message, about: str) -> bytes:
    badge = _badges(message.conference, about).first()
    if badge is None:
        raise NothingToAttach(gettext("This person has no valid badge."))
    return badging.draw_badges([badge])


def _people_without_badge(people: QuerySet[Delegate]) -> QuerySet[Delegate]:
    return people.exclude(Exists(Badge.objects.filter(delegate=OuterRef("pk"), revoked_at=None)))


def _letters() -> QuerySet[Invitation]:
    """Return the invitations of delegations that went out by a letter."""
    return Invitation.objects.filter(
        delegate=None, purpose=inviting.PURPOSE, campaign__isnull=False
    ).exclude(state__in=(_State.DRAFT, _State.CANCELLED))


def _people_without_letter(people: QuerySet[Delegate]) -> QuerySet[Delegate]:
    return people.exclude(Exists(_letters().filter(delegation=OuterRef("delegation_id"))))


def _delegations_without_letter(delegations: QuerySet[Delegation]) -> QuerySet[Delegation]:
    return delegations.exclude(Exists(_letters().filter(delegation=OuterRef("pk"))))


def _person(conference: Conference, about: str) -> Delegate | None:
    people = Delegate.objects.filter(conference=conference, pk=_number(about, "delegate"))
    return people.select_related("delegation").first()


def _invitation(conference: Conference, about: str) -> Invitation | None:
    person = _person(conference, about)
    delegation = person.delegation_id if person else _number(about, "delegation")
    return (
        _letters()
        .filter(conference=conference, delegation=delegation)
        .select_related("campaign__conference", "delegation__conference")
        .order_by("-created_at", "-pk")
        .first()
    )


def _make_letter(message: Message, about: str) -> bytes:
    person = _person(message.conference, about)
    invitation = _invitation(message.conference, about)
    if invitation is None or invitation.campaign is None:
        raise NothingToAttach(gettext("This delegation was not invited by a letter."))
    delegation = invitation.delegation
    addressee = person.letter_name if person else ""
    written = letter.write(
        campaign=invitation.campaign,
        delegation=delegation,
        language=person.language if person else delegation.focal_language,
        deadline=invitation.deadline,
        url="",
        addressee=addressee,
    )
    return invitation_letter(written, delegation=delegation, addressee=addressee)


def _make_this_letter(message: Message, about: str) -> bytes:
    """Draw the very letter that brings it; a test is told of which letter it is one."""
    whose, _at, number = about.partition("@")
    campaign = message.campaign
    if campaign is None and number.isdecimal():
        campaign = Campaign.objects.filter(conference=message.conference_id, pk=number).first()
    delegation = (
        Delegation.objects.filter(conference=message.conference_id, pk=_number(whose, "delegation"))
        .select_related("conference")
        .first()
    )
    if campaign is None or delegation is None:
        raise NothingToAttach(gettext("This delegation was not invited by a letter."))
    written = letter.write(
        campaign=campaign,
        delegation=delegation,
        language=message.language,
        deadline=_deadline(campaign, delegation),
        url="",
    )
    return invitation_letter(written, delegation=delegation, addressee="")


def _deadline(campaign: Campaign, delegation: Delegation) -> datetime | None:
    """Return the deadline that the letter names: the invitation's own, once there is one."""
    mine = Invitation.objects.filter(delegation=delegation, delegate=None, campaign=campaign)
    known = mine.order_by("-created_at", "-pk").values_list("deadline", flat=True).first()
    return known or campaign.answer_by


def _number(about: str, kind: str) -> int:
    """Return whose number this is; 0, which is nobody's, for another kind of recipient."""
    found, _colon, number = about.partition(":")
    return int(number) if found == kind and number.isdecimal() else 0
