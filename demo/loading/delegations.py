"""Delegations with their people, and the decisions about them in the finished edition."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

from conference.models import Conference, Language
from delegates.models import (
    Accreditation,
    BadgeClass,
    Delegate,
    Delegation,
    Invitation,
    Locality,
    Organisation,
    Quota,
)
from demo import facts
from demo.parties import SHARED_ADDRESS, WITHOUT_EMAIL, Party, parties
from demo.people import Person

NOMINATIONS_CLOSE = date(2023, 10, 24)
INVITED_AT = datetime(2023, 9, 20, 1, 0, tzinfo=UTC)
ANSWERED_AT = datetime(2023, 10, 5, 13, 0, tzinfo=UTC)
SUBMITTED_AT = datetime(2023, 10, 18, 8, 0, tzinfo=UTC)
DECIDED_AT = datetime(2023, 10, 25, 3, 0, tzinfo=UTC)
SUBSTITUTED_AT = datetime(2023, 11, 2, 9, 30, tzinfo=UTC)

SPARE_PLACES = 1


def load_badge_classes(conference: Conference) -> dict[str, BadgeClass]:
    """Store the badge classes; return them by code."""
    return {
        made.code: made
        for made in BadgeClass.objects.bulk_create(
            BadgeClass(
                conference=conference,
                number=int(row["number"]),
                code=row["code"],
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                colour=row["colour"],
            )
            for row in facts.rows("badge_classes.csv")
        )
    }


def new_delegation(
    conference: Conference,
    party: Party,
    people: Iterable[Person],
    localities: Mapping[str | facts.Place, Locality],
    organisations: Mapping[str, Organisation],
) -> Delegation:
    """Return a delegation that is not stored yet, with its focal point."""
    first = next(iter(people))
    chinese = party.country == "CN"
    return Delegation(
        conference=conference,
        locality=localities[party.key] if party.is_place else None,
        organisation=None if party.is_place else organisations[party.key],
        name_en=party.name_en,
        name_zh=party.name_zh,
        precedence=party.precedence,
        focal_name=_focal_name(party, first),
        focal_email="" if party.key == WITHOUT_EMAIL else f"focal@{party.domain}",
        focal_phone=first.phone,
        focal_language=Language.CHINESE if chinese else Language.ENGLISH,
        note=party.note,
    )


def _focal_name(party: Party, first: Person) -> str:
    """Return the office that answers for the party, in the language it is written to."""
    if party.country == "CN":
        return f"{party.name_zh}{'外事办公室' if party.is_place else '联络处'}"
    if party.key in SHARED_ADDRESS:
        return f"Office of {first.latin_name}"
    return f"International desk, {party.name_en}"


def load_delegations(
    conference: Conference,
    people: Iterable[Person],
    localities: Mapping[str | facts.Place, Locality],
    organisations: Mapping[str, Organisation],
) -> dict[str, Delegation]:
    """Store one delegation for each party of these people; return them by party."""
    by_party: dict[str, list[Person]] = {}
    for person in people:
        by_party.setdefault(person.party, []).append(person)
    made = Delegation.objects.bulk_create(
        new_delegation(conference, parties()[key], group, localities, organisations)
        for key, group in by_party.items()
    )
    return dict(zip(by_party, made, strict=True))


def new_delegate(conference: Conference, delegation: Delegation, person: Person) -> Delegate:
    """Return a delegate that is not stored yet. The uid follows from edition and person."""
    return Delegate(
        uid=uuid5(NAMESPACE_URL, f"{conference.slug}/{conference.first_day}/{person.key}"),
        conference=conference,
        delegation=delegation,
        family_name=person.family_name,
        given_name=person.given_name,
        suffix=person.suffix,
        native_name=person.native_name,
        name_order=person.name_order,
        badge_name=person.badge_name,
        honorific=person.honorific,
        title_en=person.title_en,
        title_zh=person.title_zh,
        organisation_en=person.organisation_en,
        organisation_zh=person.organisation_zh,
        role=person.role,
        rank=person.rank,
        vip=person.rank == 1,
        email=person.email,
        phone=person.phone,
        phone_e164=_e164(person.phone),
        language=person.language,
        needs_interpreter=person.needs_interpreter,
        diet=person.diet,
        access_needs=person.access_needs,
        arrival_at=person.arrival.at,
        arrival_by=person.arrival.by,
        departure_at=person.departure.at,
        departure_by=person.departure.by,
        home_timezone=person.home_timezone,
        photo_consent=person.photo_consent,
        source_id=person.key,
        withdrawn_at=SUBSTITUTED_AT if person.mark == "head_withdrawn" else None,
    )


def _e164(phone: str) -> str:
    """Return the number in international form if it can be told, else nothing."""
    try:
        number = parse(phone)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else ""


def load_delegates(
    conference: Conference, delegations: Mapping[str, Delegation], people: Iterable[Person]
) -> dict[str, Delegate]:
    """Store these people as delegates; return them by the person's key."""
    keyed = {
        person.key: new_delegate(conference, delegations[person.party], person) for person in people
    }
    Delegate.objects.bulk_create(keyed.values())
    replaced = next((person.key for person in people if person.mark == "head_withdrawn"), None)
    if replaced:
        successor = next(person.key for person in people if person.mark == "head_substitute")
        keyed[replaced].substituted_by = keyed[successor]
        keyed[replaced].save(update_fields=["substituted_by"])
    return keyed


def load_decisions(
    people: Iterable[Person],
    delegates: Mapping[str, Delegate],
    classes: Mapping[str, BadgeClass],
    *,
    decided_at: datetime,
) -> None:
    """Store that everybody was approved; who withdrew was substituted."""
    Accreditation.objects.bulk_create(
        Accreditation(
            delegate=delegates[person.key],
            badge_class=classes[person.badge_class],
            state=Accreditation.State.SUBSTITUTED
            if delegates[person.key].withdrawn_at
            else Accreditation.State.APPROVED,
            decided_at=decided_at,
            reason="Replaced on the day before." if delegates[person.key].withdrawn_at else "",
        )
        for person in people
    )


def load_quotas(
    people: Iterable[Person],
    delegations: Mapping[str, Delegation],
    classes: Mapping[str, BadgeClass],
) -> None:
    """Grant each delegation its places and one more; those of attending people are taken."""
    taken = Counter(
        (person.party, person.badge_class) for person in people if person.mark != "head_withdrawn"
    )
    Quota.objects.bulk_create(
        Quota(
            delegation=delegations[party],
            badge_class=classes[code],
            granted=count + (SPARE_PLACES if code == "delegate" else 0),
            taken=count,
        )
        for (party, code), count in taken.items()
    )


def load_accepted_invitations(conference: Conference, delegations: Iterable[Delegation]) -> None:
    """Store that each delegation was invited and accepted."""
    Invitation.objects.bulk_create(
        Invitation(
            conference=conference,
            delegation=delegation,
            addressee_name=delegation.focal_name,
            addressee_email=delegation.focal_email,
            language=delegation.focal_language,
            state=Invitation.State.ACCEPTED,
            sent_at=INVITED_AT,
            opened_at=ANSWERED_AT,
            answered_at=ANSWERED_AT,
            answered_by=delegation.focal_email or delegation.focal_name,
        )
        for delegation in delegations
    )
