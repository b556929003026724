"""Places, their sister ties, and the bodies that send delegations."""

from delegates.models import Locality, Organisation, SisterPair
from demo import facts

# Pairs whose source calls them weak or whose places are not certain.
WEAK_SOURCES = ("local Q&A page",)
NOTES = {
    ("Durham", "Kunshan"): "Signed after the conference of November 2023.",
    ("Stockton", "Foshan"): "In force in November 2023; later reported as ended.",
}


def load_places() -> dict[str | facts.Place, Locality]:
    """Store regions and places that are not there yet; return all of them by code or place."""
    known: dict[str | facts.Place, Locality] = {
        place.code: place for place in Locality.objects.exclude(code="")
    }
    new_regions = Locality.objects.bulk_create(
        Locality(
            kind=region.kind,
            country=region.country,
            code=region.code,
            name_en=region.name_en,
            name_zh=region.name_zh,
            timezone=region.timezone,
        )
        for code, region in facts.regions().items()
        if code not in known
    )
    known |= {region.code: region for region in new_regions}
    return known | _load_below(known)


def _load_below(regions: dict[str | facts.Place, Locality]) -> dict[str | facts.Place, Locality]:
    codes = {region.pk: code for code, region in regions.items()}
    present = {
        (
            place.country,
            codes.get(place.parent_id or 0, ""),
            place.kind,
            place.name_en,
            place.name_zh,
        ): (place)
        for place in Locality.objects.filter(code="")
    }
    new = Locality.objects.bulk_create(
        Locality(
            kind=place.kind,
            country=place.country,
            parent=regions.get(place.region),
            name_en=place.name_en,
            name_zh=place.name_zh,
            timezone=regions[place.region].timezone if place.region else "Asia/Shanghai",
        )
        for place in facts.places()
        if place.key not in present
    )
    fresh = iter(new)
    return {place: present.get(place.key) or next(fresh) for place in facts.places()}


def load_pairs(places: dict[str | facts.Place, Locality]) -> None:
    """Store the sister pairs that are not there yet, each with its source."""
    present = set(SisterPair.objects.values_list("first_id", "second_id"))
    new = []
    for pair in facts.pairs():
        first, second = sorted(
            (places[pair.american], places[pair.chinese]), key=lambda place: place.pk
        )
        if (first.pk, second.pk) in present:
            continue
        new.append(
            SisterPair(
                first=first,
                second=second,
                year=pair.year,
                source=pair.source,
                note=NOTES.get((places[pair.american].name_en, places[pair.chinese].name_en), ""),
                uncertain=pair.source in WEAK_SOURCES
                or (isinstance(pair.chinese, facts.Place) and not pair.chinese.region),
            )
        )
    SisterPair.objects.bulk_create(new)


def load_organisations() -> dict[str, Organisation]:
    """Store the bodies that are not there yet; return them by the demo's key."""
    return {
        body["key"]: Organisation.objects.get_or_create(
            name_en=body["name_en"],
            name_zh=body["name_zh"],
            defaults={"abbreviation": body["abbreviation"], "country": body["country"]},
        )[0]
        for body in facts.document("organisations.json")
    }
