"""The delegations' part of cloning a conference.

Carried: badge classes, delegations with their parties and quotas, and the persons. Not carried:
invitations, links, decisions, badges, secrets and keys, withdrawn persons, travel. Addresses are
carried only when asked for, so that training staff never writes to a governor by accident.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from conference.operations.cloning import Clone
from delegates.models import BadgeClass, Delegate, Delegation, Quota


class Addresses(StrEnum):
    """What becomes of the e-mail addresses and phones of the people in a copy."""

    CLEAR = "clear"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class ClonedDelegations:
    """The copies by the primary keys of their originals."""

    badge_classes: dict[int, BadgeClass]
    delegations: dict[int, Delegation]
    delegates: dict[int, Delegate]


@transaction.atomic
def clone_delegations(*, clone: Clone, addresses: Addresses) -> ClonedDelegations:
    """Copy badge classes, delegations, quotas and persons into the new conference."""
    badge_classes = _copy_badge_classes(clone)
    delegations = _copy_delegations(clone, addresses)
    _copy_quotas(badge_classes, delegations)
    return ClonedDelegations(
        badge_classes=badge_classes,
        delegations=delegations,
        delegates=_copy_delegates(clone, delegations, addresses),
    )


def _copy_badge_classes(clone: Clone) -> dict[int, BadgeClass]:
    return {
        original.pk: BadgeClass.objects.create(
            conference=clone.conference,
            number=original.number,
            code=original.code,
            name_en=original.name_en,
            name_zh=original.name_zh,
            colour=original.colour,
            walk_ins=original.walk_ins,
        )
        for original in clone.source.badge_classes.all()
    }


def _copy_delegations(clone: Clone, addresses: Addresses) -> dict[int, Delegation]:
    originals = list(clone.source.delegations.all())
    keep = addresses is Addresses.KEEP
    copies = Delegation.objects.bulk_create(
        Delegation(
            conference=clone.conference,
            locality_id=original.locality_id,
            organisation_id=original.organisation_id,
            name_en=original.name_en,
            name_zh=original.name_zh,
            precedence=original.precedence,
            focal_name=original.focal_name,
            focal_email=original.focal_email if keep else "",
            focal_phone=original.focal_phone if keep else "",
            focal_language=original.focal_language,
            liaison_id=original.liaison_id,
            nominations_close=clone.shift.day(original.nominations_close),
        )
        for original in originals
    )
    return {original.pk: copy for original, copy in zip(originals, copies, strict=True)}


def _copy_quotas(badge_classes: dict[int, BadgeClass], delegations: dict[int, Delegation]) -> None:
    Quota.objects.bulk_create(
        Quota(
            delegation=delegations[original.delegation_id],
            badge_class=badge_classes[original.badge_class_id],
            granted=original.granted,
        )
        for original in Quota.objects.filter(delegation__in=delegations)
    )


# Everything about a person that is still true at the next meeting.
CARRIED = (
    "family_name",
    "given_name",
    "suffix",
    "native_name",
    "name_order",
    "badge_name",
    "honorific",
    "title_en",
    "title_zh",
    "organisation_en",
    "organisation_zh",
    "role",
    "rank",
    "vip",
    "language",
    "needs_interpreter",
    "diet",
    "access_needs",
    "home_timezone",
)
CARRIED_ADDRESSES = ("email", "phone", "phone_e164")


def _copy_delegates(
    clone: Clone, delegations: dict[int, Delegation], addresses: Addresses
) -> dict[int, Delegate]:
    fields = CARRIED + (CARRIED_ADDRESSES if addresses is Addresses.KEEP else ())
    originals = list(Delegate.objects.filter(conference=clone.source).attending().order_by("pk"))
    copies = Delegate.objects.bulk_create(
        Delegate(
            conference=clone.conference,
            delegation=delegations[original.delegation_id],
            **{field: getattr(original, field) for field in fields},
        )
        for original in originals
    )
    return {original.pk: copy for original, copy in zip(originals, copies, strict=True)}
