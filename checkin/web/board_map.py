"""The map of arrivals: states and provinces shaded by how many of those expected are here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from checkin.figures import DelegationCount
from delegates.documents.outlines import Outline, Shape, china, united_states
from delegates.models import Locality

#: What each shade says. Words stand beside the colours, and numbers on the regions.
SHADES = (
    ("1", _("nobody here yet")),
    ("2", _("up to half are here")),
    ("3", _("more than half are here")),
    ("4", _("all are here")),
)
_ROOM_FOR_NUMBER = 9


@dataclass(frozen=True)
class Region:
    """A state or province: how many are expected from it, how many of them and in all are here."""

    code: str
    name_en: str
    name_zh: str
    expected: int
    here: int
    arrived: int
    late: int

    @property
    def shade(self) -> int:
        """0 where nobody is expected, else 1 (nobody here) to 4 (all are)."""
        if not self.expected:
            return 4 if self.arrived else 0
        if self.here == self.expected:
            return 4
        return 3 if self.here * 2 > self.expected else (2 if self.here else 1)

    @property
    def shade_words(self) -> str:
        """What the shade says."""
        return str(dict(SHADES)[str(self.shade)]) if self.shade else ""


@dataclass(frozen=True)
class Drawn:
    """A region's outline with its figures; ``has_number`` where a number fits on it."""

    shape: Shape
    region: Region
    has_number: bool


@dataclass(frozen=True)
class Country:
    """One of the two drawings."""

    width: int
    height: int
    drawn: list[Drawn]


@dataclass(frozen=True)
class ArrivalMap:
    """Both drawings, and the same as rows: the regions that send somebody, most missing first."""

    countries: list[Country]
    rows: list[Region]
    elsewhere: int

    @property
    def legend(self) -> tuple[tuple[str, object], ...]:
        """The shades and what they say."""
        return SHADES


def arrival_map(delegations: Iterable[DelegationCount]) -> ArrivalMap | None:
    """Draw the delegations of places on the outlines; None where no place is on either."""
    figures: defaultdict[str, list[DelegationCount]] = defaultdict(list)
    for each in delegations:
        figures[each.region].append(each)
    named = {
        place.code: place
        for place in Locality.objects.filter(kind__in=Locality.FIRST_LEVEL).exclude(code="")
    }
    outlines = (china(), united_states())
    known = {shape.code for outline in outlines for shape in outline.shapes}
    regions = {code: _region(code, named, figures.get(code, [])) for code in known}
    rows = [region for region in regions.values() if region.expected or region.arrived]
    if not rows:
        return None
    return ArrivalMap(
        countries=[_country(outline, regions) for outline in outlines],
        rows=sorted(rows, key=lambda row: (row.here - row.expected, -row.expected, row.code)),
        elsewhere=sum(
            each.expected for code, group in figures.items() if code not in known for each in group
        ),
    )


def _region(code: str, named: dict[str, Locality], group: list[DelegationCount]) -> Region:
    place = named.get(code)
    return Region(
        code=code,
        name_en=place.name_en if place else code,
        name_zh=place.name_zh if place else "",
        expected=sum(each.expected for each in group),
        here=sum(each.here for each in group),
        arrived=sum(each.arrived for each in group),
        late=sum(each.late for each in group),
    )


def _country(outline: Outline, regions: dict[str, Region]) -> Country:
    drawn = [
        Drawn(
            shape=shape,
            region=regions[shape.code],
            has_number=regions[shape.code].shade > 0 and shape.room >= _ROOM_FOR_NUMBER,
        )
        for shape in outline.shapes
    ]
    # Small regions come last, so that their dots lie on top of their neighbours.
    drawn.sort(key=lambda each: (each.shape.small, each.shape.code))
    return Country(width=outline.width, height=outline.height, drawn=drawn)
