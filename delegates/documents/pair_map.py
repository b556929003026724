"""Lays out the map of sister pairs: two countries, shaded by pairs, with arcs from place to place.

Pure: outlines and ties in, a :class:`PairMap` out, which ``delegates/_pair_map.html`` draws and
spells out as a table. The outlines that come with the project are simplified and make no statement
about any border; a conference that needs an officially approved map reads its own file with
:meth:`~delegates.documents.outlines.Outline.read`, or leaves the map out.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import starmap
from typing import ClassVar

from delegates.documents.outlines import Outline, Shape, china, united_states

#: Fewest pairs of each shade above the empty one, and of each width of an arc.
SHADES = (1, 3, 6, 11)
WIDTHS = (1, 2, 4, 7)

_GAP_BESIDE = 80  # units of the drawing between the two countries
_GAP_BELOW = 60
_ROOM_FOR_NUMBER = 9


@dataclass(frozen=True)
class Region:
    """A state or province as people know it; ``url`` is where a click leads, if anywhere."""

    code: str
    name: str
    url: str = ""


@dataclass(frozen=True)
class Tie:
    """How many pairs join two regions. A code is empty where the place's region is not known."""

    first: str
    second: str
    pairs: int


@dataclass(frozen=True)
class DrawnRegion:
    """A region on the map: its shape, name, number of pairs and shade (0 to 4)."""

    shape: Shape
    name: str
    url: str
    pairs: int
    shade: int


@dataclass(frozen=True)
class DrawnCountry:
    """One of the two drawings."""

    width: int
    height: int
    regions: tuple[DrawnRegion, ...]


@dataclass(frozen=True)
class Arc:
    """A line from region to region, with its path for countries side by side and stacked."""

    first: str
    second: str
    width: int
    beside: str
    below: str


@dataclass(frozen=True)
class Number:
    """The number of pairs that stands on a region with room for it, above the arcs."""

    pairs: int
    shade: int
    beside: tuple[int, int]
    below: tuple[int, int]


@dataclass(frozen=True)
class Shade:
    """A line of the legend: from ``least`` to ``most`` pairs; the last shade has no most."""

    number: int
    least: int
    most: int | None


@dataclass(frozen=True)
class Row:
    """One line of the table that says the same as the map."""

    first: str
    second: str
    pairs: int


@dataclass(frozen=True)
class PairMap:
    """Everything that the map and its table show. Sizes are in units of the drawing."""

    left: DrawnCountry
    right: DrawnCountry
    arcs: tuple[Arc, ...]
    numbers: tuple[Number, ...]
    rows: tuple[Row, ...]
    pairs: int
    beside: tuple[int, int]
    below: tuple[int, int]

    #: What the colours mean.
    legend: ClassVar[tuple[Shade, ...]] = tuple(
        Shade(number, least, most)
        for number, (least, most) in enumerate(
            zip(SHADES, (*(start - 1 for start in SHADES[1:]), None), strict=True), start=1
        )
    )

    @property
    def countries(self) -> tuple[DrawnCountry, DrawnCountry]:
        """Both drawings, left (or upper) one first."""
        return self.left, self.right

    @property
    def unplaced(self) -> int:
        """Pairs of which a side is in no known region: counted, but without a line."""
        return self.pairs - sum(row.pairs for row in self.rows)


def lay_out(
    regions: Iterable[Region],
    ties: Iterable[Tie],
    *,
    left: Outline | None = None,
    right: Outline | None = None,
) -> PairMap:
    """Lay out the map of ``ties`` between the regions of two outlines, China and the U.S. at first.

    The direction of a tie does not matter, several ties of the same two regions are added up, and
    a tie within one country or with an unknown code gets no line.
    """
    left, right = left or china(), right or united_states()
    named = {region.code: region for region in regions}
    ties = list(ties)
    pairs_of = _pairs_of_each(ties)
    left_at = {shape.code: shape.at for shape in left.shapes}
    right_at = {shape.code: shape.at for shape in right.shapes}
    joined = _joined(ties, left_at.keys(), right_at.keys())
    beside, below = (left.width + _GAP_BESIDE, 0), (0, left.height + _GAP_BELOW)
    drawn_left, drawn_right = (_drawn(side, named, pairs_of) for side in (left, right))
    return PairMap(
        left=drawn_left,
        right=drawn_right,
        arcs=tuple(
            Arc(
                first=first,
                second=second,
                width=_step(pairs, WIDTHS),
                beside=_bow(left_at[first], _moved(right_at[second], beside)),
                below=_bow(left_at[first], _moved(right_at[second], below)),
            )
            for (first, second), pairs in joined
        ),
        numbers=(
            *_numbers(drawn_left, beside=(0, 0), below=(0, 0)),
            *_numbers(drawn_right, beside=beside, below=below),
        ),
        rows=tuple(
            Row(_name(first, named), _name(second, named), pairs)
            for (first, second), pairs in joined
        ),
        pairs=sum(tie.pairs for tie in ties),
        beside=(left.width + _GAP_BESIDE + right.width, max(left.height, right.height)),
        below=(max(left.width, right.width), left.height + _GAP_BELOW + right.height),
    )


def _pairs_of_each(ties: Iterable[Tie]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for tie in ties:
        for code in {tie.first, tie.second} - {""}:
            counted[code] += tie.pairs
    return counted


def _joined(
    ties: Iterable[Tie], left: Iterable[str], right: Iterable[str]
) -> list[tuple[tuple[str, str], int]]:
    """Add up the pairs across the two countries, most first, each turned left to right."""
    left, right = set(left), set(right)
    counted: Counter[tuple[str, str]] = Counter()
    for tie in ties:
        for first, second in ((tie.first, tie.second), (tie.second, tie.first)):
            if first in left and second in right:
                counted[first, second] += tie.pairs
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _drawn(outline: Outline, named: dict[str, Region], pairs_of: Counter[str]) -> DrawnCountry:
    regions = [
        DrawnRegion(
            shape=shape,
            name=_name(shape.code, named),
            url=named[shape.code].url if shape.code in named else "",
            pairs=pairs_of[shape.code],
            shade=_step(pairs_of[shape.code], SHADES),
        )
        for shape in outline.shapes
    ]
    # Small regions come last, so that their dots lie on top of their neighbours.
    regions.sort(key=lambda region: (region.shape.small, region.shape.code))
    return DrawnCountry(width=outline.width, height=outline.height, regions=tuple(regions))


def _name(code: str, named: dict[str, Region]) -> str:
    return named[code].name if code in named else code


def _step(pairs: int, starts: tuple[int, ...]) -> int:
    return sum(pairs >= start for start in starts)


def _numbers(
    country: DrawnCountry, *, beside: tuple[int, int], below: tuple[int, int]
) -> Iterable[Number]:
    for region in country.regions:
        if region.pairs and region.shape.room >= _ROOM_FOR_NUMBER:
            at = region.shape.at
            yield Number(region.pairs, region.shade, _moved(at, beside), _moved(at, below))


def _moved(point: tuple[int, int], by: tuple[int, int]) -> tuple[int, int]:
    return point[0] + by[0], point[1] + by[1]


def _bow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the path of a curve that bows to the left of the way from ``start`` to ``end``."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    bow = 0.16 * length
    middle = ((x0 + x1) / 2 + bow * dy / length, (y0 + y1) / 2 - bow * dx / length)
    points = starmap("{:.0f} {:.0f}".format, (start, middle, end))
    return "M{} Q{} {}".format(*points)
