"""What the registry of sister pairs says about states and provinces."""

from collections import Counter

from delegates.models import Country, SisterPair


def ties_between_regions() -> Counter[tuple[str, str]]:
    """Count the pairs in force by (state code, province code), such as ("US-CA", "CN-JS").

    A pair of cities counts for the state and the province that they are in. Pairs with a side
    whose region is not known are left out: the registry has places that no source locates.
    """
    pairs = SisterPair.objects.in_force().select_related(
        "first__parent__parent", "second__parent__parent"
    )
    ties: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        codes = {
            region.country: region.code
            for region in (pair.first.first_level(), pair.second.first_level())
            if region is not None and region.code
        }
        if Country.UNITED_STATES in codes and Country.CHINA in codes:
            ties[codes[Country.UNITED_STATES], codes[Country.CHINA]] += 1
    return ties
