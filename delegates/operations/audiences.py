"""Whom mailings can be for here: people, and the focal points of delegations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference.bilingual import pick
from conference.models import Campaign, Conference, Language, Message
from conference.operations import campaigning
from conference.operations.campaigning import Addressee, Kind, Narrowing
from conference.operations.mailing import Letter
from delegates.documents import letter, mailing_text
from delegates.models import Accreditation, Country, Delegate, Delegation, Invitation, PersonalLink
from delegates.operations import linking, regions
from delegates.operations.inviting import PURPOSE

PEOPLE = "people"
FOCAL_POINTS = "focal_points"
#: Stands where the personal token would, in previews.
EXAMPLE = "example"
_DelegatePurpose = PersonalLink.Purpose.DELEGATE
_Answer = Invitation.State
_ANSWERS = (
    ("not_invited", _("not invited")),
    ("waiting", _("invited, not answered")),
    (_Answer.ACCEPTED.value, _Answer.ACCEPTED.label),
    (_Answer.TENTATIVE.value, _Answer.TENTATIVE.label),
    (_Answer.DECLINED.value, _Answer.DECLINED.label),
)
#: Codes that stand for several states of the latest invitation.
_STATES_OF: Mapping[str, tuple[str, ...]] = {
    "not_invited": (_Answer.DRAFT,),
    "waiting": (*Invitation.WAITING_STATES, _Answer.EXPIRED),
}
_LISTS = (
    ("submitted", pgettext_lazy("whose list is looked for", "list submitted")),
    ("open", _("list not submitted")),
)
_NOT_YET = "not_approved"
_YES = "yes"
#: Who has withdrawn or was substituted is in no audience, so nobody is asked to choose them.
_ACCREDITATIONS = (
    (_NOT_YET, _("not yet accredited")),
    *(
        (state.value, state.label)
        for state in Accreditation.State
        if state not in (Accreditation.State.WITHDRAWN, Accreditation.State.SUBSTITUTED)
    ),
)


def register() -> None:
    """Offer both kinds of audience with their ways to narrow them."""
    campaigning.register(
        Kind(
            code=PEOPLE,
            label=_("People of the delegations"),
            everybody=_people,
            addressee=_person,
            placeholders=mailing_text.FOR_PEOPLE,
            write=_write_to_people,
            preview=_preview_person,
            layout=_layout,
        )
    )
    campaigning.register(
        Kind(
            code=FOCAL_POINTS,
            label=_("Focal points of delegations"),
            everybody=_delegations,
            addressee=_focal_point,
            placeholders=mailing_text.FOR_FOCAL_POINTS,
            write=_write_to_focal_points,
            preview=_preview_focal_point,
            layout=_layout,
        )
    )
    for way in (
        Narrowing(
            code="delegation",
            label=_("Delegation"),
            choices=_delegation_choices,
            narrow=_of("delegation"),
        ),
        Narrowing(
            code="country",
            label=_("Country"),
            choices=_fixed(Country.choices),
            narrow=_of("delegation__locality__country"),
        ),
        regions.narrowing("delegation__locality"),
        Narrowing(
            code="answer",
            label=_("Answer of the delegation"),
            choices=_fixed(_ANSWERS),
            narrow=lambda found, chosen: found.filter(
                delegation__in=_answered(Delegation.objects.all(), chosen)
            ),
        ),
        Narrowing(
            code="accreditation",
            label=_("Accreditation"),
            choices=_fixed(_ACCREDITATIONS),
            narrow=_accredited,
        ),
        Narrowing(
            code="class",
            label=_("Badge class"),
            choices=lambda conference: _named(conference.badge_classes.order_by("number")),
            narrow=_of("accreditation__badge_class"),
        ),
        Narrowing(
            code="role", label=_("Role"), choices=_fixed(Delegate.Role.choices), narrow=_of("role")
        ),
        Narrowing(
            code="vip",
            label=_("VIP"),
            choices=_fixed([(_YES, _("VIPs only"))]),
            narrow=lambda found, _chosen: found.filter(vip=True),
        ),
        Narrowing(
            code="language",
            label=_("Language"),
            choices=_fixed(Language.choices),
            narrow=_of("language"),
        ),
    ):
        campaigning.narrow_by(kind=PEOPLE, way=way)
    for way in (
        Narrowing(
            code="country",
            label=_("Country"),
            choices=_fixed(Country.choices),
            narrow=_of("locality__country"),
        ),
        regions.narrowing("locality"),
        Narrowing(code="answer", label=_("Answer"), choices=_fixed(_ANSWERS), narrow=_answered),
        Narrowing(
            code="list",
            label=_("List of people"),
            choices=_fixed(_LISTS),
            narrow=_listed,
        ),
        Narrowing(
            code="language",
            label=_("Language"),
            choices=_fixed(Language.choices),
            narrow=_of("focal_language"),
        ),
    ):
        campaigning.narrow_by(kind=FOCAL_POINTS, way=way)


def last_look(message: Message, _now: datetime) -> str | None:
    """Tell the mailer to drop a letter to somebody who has withdrawn, or was deleted, meanwhile."""
    kind, _colon, number = message.recipient.partition(":")
    whom: Mapping[str, QuerySet[Any]] = {
        "delegate": Delegate.objects.attending(),
        "delegation": Delegation.objects.all(),
    }
    if kind not in whom or not number.isdecimal():
        return None
    return None if whom[kind].filter(pk=int(number)).exists() else Message.State.CANCELLED


def _people(conference: Conference) -> QuerySet[Delegate]:
    found: QuerySet[Delegate] = Delegate.objects.attending().filter(conference=conference)
    return found.select_related("delegation", "conference")


def _delegations(conference: Conference) -> QuerySet[Delegation]:
    return Delegation.objects.filter(conference=conference).select_related("conference")


def _person(person: Delegate) -> Addressee:
    names = (person.display_name, person.other_name)
    return Addressee(
        whose=f"delegate:{person.pk}",
        name=person.letter_name,
        other_name=next((name for name in names if name != person.letter_name), ""),
        email=person.email,
        language=person.language,
    )


def _focal_point(delegation: Delegation) -> Addressee:
    return Addressee(
        whose=f"delegation:{delegation.pk}",
        name=delegation.focal_name or str(delegation),
        email=delegation.focal_email,
        language=delegation.focal_language,
    )


def _write_to_people(campaign: Campaign, people: Sequence[Delegate], now: datetime) -> list[Letter]:
    links: Mapping[Any, str] = {}
    if any(letter.has_link(body) for body in (campaign.body_en, campaign.body_zh)):
        links = linking.create_links(about=people, now=now)
    return [
        _letter(
            campaign,
            _person(person),
            mailing_text.for_person(
                campaign=campaign,
                person=person,
                language=person.language,
                url=links.get(person, ""),
            ),
        )
        for person in people
    ]


def _write_to_focal_points(
    campaign: Campaign, delegations: Sequence[Delegation], _now: datetime
) -> list[Letter]:
    return [
        _letter(
            campaign,
            _focal_point(delegation),
            mailing_text.for_focal_point(
                campaign=campaign, delegation=delegation, language=delegation.focal_language
            ),
        )
        for delegation in delegations
    ]


def _letter(campaign: Campaign, to: Addressee, written: letter.Written) -> Letter:
    text, html = mailing_text.mail_parts(written, conference=campaign.conference)
    return Letter(
        key=f"mailing:{campaign.pk}:{to.whose}",
        purpose=campaigning.PURPOSE,
        recipient=to.whose,
        to_email=to.email,
        to_name=to.name,
        subject=written.subject,
        body_text=text,
        body_html=html,
        language=written.language,
        optional=campaign.optional,
    )


def _layout(written: letter.Written, conference: Conference) -> tuple[str, str]:
    return mailing_text.mail_parts(written, conference=conference)


def _preview_person(campaign: Campaign, person: Delegate, language: str) -> letter.Written:
    url = linking.address_of(purpose=_DelegatePurpose, token=EXAMPLE)
    return mailing_text.for_person(campaign=campaign, person=person, language=language, url=url)


def _preview_focal_point(
    campaign: Campaign, delegation: Delegation, language: str
) -> letter.Written:
    return mailing_text.for_focal_point(campaign=campaign, delegation=delegation, language=language)


def _fixed(choices: Any) -> Any:
    return lambda _conference: list(choices)


def _of(field: str) -> Any:
    return lambda found, chosen: found.filter(**{f"{field}__in": list(chosen)})


def _delegation_choices(conference: Conference) -> list[tuple[str, str]]:
    return _named(Delegation.objects.of(conference))


def _named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Return numbers with names in the language of whoever chooses."""
    return [(str(each.pk), pick(each, "name", get_language())) for each in rows]


def _answered(found: QuerySet[Delegation], chosen: Sequence[str]) -> QuerySet[Delegation]:
    """Narrow by the latest invitation: an earlier one that ran out says nothing any more."""
    mine = (
        Invitation.objects.filter(delegation=OuterRef("pk"), delegate=None, purpose=PURPOSE)
        .exclude(state=_Answer.CANCELLED)
        .order_by("-created_at", "-pk")
    )
    states = [state for code in chosen for state in _STATES_OF.get(code, (code,))]
    wanted = Q(answer__in=states)
    if "not_invited" in chosen:
        wanted |= Q(answer=None)
    return found.alias(answer=Subquery(mine.values("state")[:1])).filter(wanted)


def _accredited(found: QuerySet[Delegate], chosen: Sequence[str]) -> QuerySet[Delegate]:
    wanted = Q(accreditation__state__in=[code for code in chosen if code != _NOT_YET])
    if _NOT_YET in chosen:
        wanted |= ~Q(accreditation__state=Accreditation.State.APPROVED)
    return found.filter(wanted)


def _listed(found: QuerySet[Delegation], chosen: Sequence[str]) -> QuerySet[Delegation]:
    wanted = Q(pk__in=[])
    if "submitted" in chosen:
        wanted |= Q(submitted_at__isnull=False)
    if "open" in chosen:
        wanted |= Q(submitted_at=None)
    return found.filter(wanted)
