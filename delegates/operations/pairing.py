"""What the registry of sister pairs says about states and provinces."""

from collections import Counter

from delegates.models import Country, Locality, SisterPair


def ties_between_regions() -> Counter[tuple[str, str]]:
    """Count the pairs in force by (province code, state code), such as ("CN-JS", "US-CA").

    A pair of cities counts for the province and the state that they are in. A code is empty where
    the registry does not know the region: several places share a name and no source says which.
    """
    pairs = SisterPair.objects.in_force().select_related(
        "first__parent__parent", "second__parent__parent"
    )
    ties: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        codes = {place.country: _region_code(place) for place in (pair.first, pair.second)}
        ties[codes.get(Country.CHINA, ""), codes.get(Country.UNITED_STATES, "")] += 1
    return ties


def _region_code(place: Locality) -> str:
    region = place.first_level()
    return region.code if region else ""
