"""The fields of a person that lists, forms and imports fill."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from delegates.models import Accreditation, Delegate

IDENTITY_FIELDS: tuple[str, ...] = (
    "family_name",
    "given_name",
    "suffix",
    "native_name",
    "name_order",
    "badge_name",
    "title_en",
    "title_zh",
    "organisation_en",
    "organisation_zh",
)
PERSON_FIELDS: tuple[str, ...] = (
    *IDENTITY_FIELDS,
    "honorific",
    "role",
    "rank",
    "vip",
    "email",
    "phone",
    "phone_e164",
    "language",
    "needs_interpreter",
    "diet",
    "access_needs",
    "arrival_at",
    "arrival_by",
    "departure_at",
    "departure_by",
    "home_timezone",
    "photo_consent",
    "source_id",
)


def locked_fields(delegate: Delegate) -> frozenset[str]:
    """Return the fields that only the organiser may change: who an approved person is."""
    accreditation = Accreditation.objects.filter(delegate=delegate).first()
    approved = accreditation is not None and accreditation.state == Accreditation.State.APPROVED
    return frozenset(IDENTITY_FIELDS) if approved else frozenset()


def known_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields; ValueError if one is not of PERSON_FIELDS."""
    unknown = set(fields) - set(PERSON_FIELDS)
    if unknown:
        raise ValueError(f"Not fields of a person: {', '.join(sorted(unknown))}")
    return dict(fields)


def as_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as the record of deeds keeps them: moments in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in fields.items()
    }
