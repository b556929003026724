"""The map of sister pairs for a conference's overview."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language

from checkin.funnel import Line
from conference.bilingual import pick
from conference.models import Conference
from delegates.documents import pair_map
from delegates.models import Locality
from delegates.operations.pairing import ties_between_regions


def map_of(conference: Conference, lines: Iterable[Line], *, linked: bool) -> pair_map.PairMap:
    """Lay out all pairs of the registry; with ``linked``, regions lead to their delegations."""
    delegations = {
        line.progress.delegation.locality.code: line.progress.delegation.pk
        for line in lines
        if line.progress.delegation.locality
    }
    regions = [
        pair_map.Region(
            code=place.code,
            name=pick(place, "name", get_language()),
            url=reverse(
                "delegates:delegation_detail", args=[conference.slug, delegations[place.code]]
            )
            if linked and place.code in delegations
            else "",
        )
        for place in Locality.objects.filter(kind__in=Locality.FIRST_LEVEL).exclude(code="")
    ]
    ties = [
        pair_map.Tie(first=first, second=second, pairs=pairs)
        for (first, second), pairs in ties_between_regions().items()
    ]
    return pair_map.lay_out(regions, ties)
