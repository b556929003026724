"""Narrowing an audience by the state or province that its delegations come from."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.bilingual import pick
from conference.models import Conference
from conference.operations.campaigning import Narrowing
from delegates.models import Delegation, Locality

#: From a place to the state or province around it: a village is three steps inside.
_STEPS = ("", "__parent", "__parent__parent", "__parent__parent__parent")


def narrowing(locality: str) -> Narrowing:
    """Return the way to narrow by regions; ``locality`` leads from the audience to the place."""

    def narrow(found: QuerySet[Any], chosen: Sequence[str]) -> QuerySet[Any]:
        inside = Q(pk__in=[])
        for step in _STEPS:
            inside |= Q(**{f"{locality}{step}__in": list(chosen)})
        return found.filter(inside)

    return Narrowing(code="region", label=_("State or province"), choices=_choices, narrow=narrow)


def _choices(conference: Conference) -> list[tuple[str, str]]:
    """Return the regions of the conference's delegations, country by country."""
    coming = Delegation.objects.filter(conference=conference).exclude(locality=None)
    around = Q(pk__in=[])
    for step in _STEPS:
        around |= Q(pk__in=coming.values(f"locality{step}"))
    regions = Locality.objects.filter(around, kind__in=Locality.FIRST_LEVEL)
    return [(str(each.pk), pick(each, "name", get_language())) for each in regions]
