"""Outlines of countries and their first-level regions, as data for a map."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

_MAPS = Path(__file__).parent / "maps"


@dataclass(frozen=True)
class Shape:
    """The outline of one region, in units of the drawing.

    ``at`` is the point farthest from every edge, ``room`` how far that is; a ``small`` region is
    drawn as a dot as well.
    """

    code: str
    at: tuple[int, int]
    room: int
    small: bool
    path: str


@dataclass(frozen=True)
class Outline:
    """A country's drawing: its size in units, and its regions by ISO 3166-2 code."""

    width: int
    height: int
    shapes: tuple[Shape, ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read an outline in the form of ``maps/us.json``.

        Raises ``OSError`` where there is no such file, ``KeyError`` or ``ValueError`` where it is
        not in that form.
        """
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        shapes = tuple(
            Shape(
                code=region["code"],
                at=(int(region["at"][0]), int(region["at"][1])),
                room=int(region["room"]),
                small=region["small"],
                path=region["path"],
            )
            for region in data["regions"]
        )
        return cls(width=int(data["width"]), height=int(data["height"]), shapes=shapes)


@cache
def china() -> Outline:
    """Return the outline of China's 34 provincial regions."""
    return Outline.read(_MAPS / "cn.json")


@cache
def united_states() -> Outline:
    """Return the outline of the 50 United States and the District of Columbia."""
    return Outline.read(_MAPS / "us.json")
