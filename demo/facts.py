"""Readers of ``demo/data``: what public sources tell, as plain values."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

MUNICIPALITIES = ("Beijing", "Tianjin", "Shanghai", "Chongqing")
AUTONOMOUS_REGIONS = ("Inner Mongolia", "Guangxi", "Xizang (Tibet)", "Ningxia", "Xinjiang")
SPECIAL_REGIONS = ("Hong Kong", "Macao")


@dataclass(frozen=True, slots=True)
class Region:
    """A U.S. state or a Chinese province: the first level below the country."""

    code: str
    country: str
    kind: str
    name_en: str
    name_zh: str
    timezone: str
    area_code: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place inside a region, or in a country only where its region is not known."""

    country: str
    region: str
    kind: str
    name_en: str
    name_zh: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes it one place: never the English name alone."""
        return (self.country, self.region, self.kind, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sister tie: each side is the code of a region or a place."""

    american: str | Place
    chinese: str | Place
    year: int | None
    source: str


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file in ``demo/data``."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name: str) -> Any:
    """Return one JSON file in ``demo/data``."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _chinese_kind(name_en: str) -> str:
    if name_en in MUNICIPALITIES:
        return "municipality"
    if name_en in AUTONOMOUS_REGIONS:
        return "autonomous_region"
    return "special_region" if name_en in SPECIAL_REGIONS else "province"


@cache
def regions() -> dict[str, Region]:
    """Return the 51 American and 34 Chinese regions by their ISO 3166-2 code."""
    american = [
        Region(
            code=row["code"],
            country="US",
            kind="federal_district" if row["code"] == "US-DC" else "state",
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            timezone=row["timezone"],
            area_code=row["area_code"],
        )
        for row in rows("us_states.csv")
    ]
    chinese = [
        Region(
            code=row["code"],
            country="CN",
            kind=_chinese_kind(row["name_en"]),
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            timezone="Asia/Shanghai",
        )
        for row in rows("cn_provinces.csv")
    ]
    return {region.code: region for region in american + chinese}


@cache
def _chinese_code(name_en: str) -> str:
    chinese = {region.name_en: code for code, region in regions().items() if code[:2] == "CN"}
    return chinese.get(name_en, "")


@cache
def _american_names() -> dict[tuple[str, str], str]:
    return {(row["us_state"], row["name_en"]): row["name_zh"] for row in rows("us_places.csv")}


def _kind(word: str) -> str:
    return word.replace(" ", "_").replace("-", "_")


def _american_side(row: dict[str, str]) -> str | Place:
    code = f"US-{row['us_state']}"
    if row["us_kind"] == "state":
        return code
    name_zh = _american_names()[row["us_state"], row["us_name"]]
    return Place("US", code, _kind(row["us_kind"]), row["us_name"], name_zh)


def _chinese_side(row: dict[str, str]) -> str | Place:
    code = _chinese_code(row["cn_province"])
    if code and row["cn_name"] == row["cn_province"]:
        return code
    return Place("CN", code, _kind(row["cn_kind"]), row["cn_name"], row["cn_name_zh"])


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the sister pairs in the order of the file."""
    return tuple(
        Pair(
            american=_american_side(row),
            chinese=_chinese_side(row),
            year=int(row["year_established"]) if row["year_established"] else None,
            source=row["source"],
        )
        for row in rows("sister_pairs.csv")
    )


@cache
def places() -> tuple[Place, ...]:
    """Return every place below the first level, once: from the pairs, then the extra ones."""
    found: dict[Place, None] = {}
    for pair in pairs():
        for side in (pair.american, pair.chinese):
            if isinstance(side, Place):
                found.setdefault(side)
    for row in rows("extra_places.csv"):
        found.setdefault(
            Place(row["country"], row["parent"], row["kind"], row["name_en"], row["name_zh"])
        )
    return tuple(found)


@cache
def place_names() -> dict[tuple[str, str], tuple[str, str]]:
    """Return how a place is written in a title, in both languages, by (region, name)."""
    names = {(place.region, place.name_en): (place.name_en, place.name_zh) for place in places()}
    names |= {
        (row["parent"], row["title_name_en"]): (row["title_name_en"], row["name_zh"])
        for row in rows("extra_places.csv")
    }
    return names


def conference() -> dict[str, Any]:
    """Return the facts of the 2023 edition, each with its source."""
    facts: dict[str, Any] = document("conference_2023.json")
    return facts


def names_of_record() -> frozenset[str]:
    """Return every real person's name in the facts, in either script: none may be made up."""
    people = conference()["people"]
    found = {person.get(key) for person in people for key in ("name_en", "name_zh")}
    return frozenset(name for name in found if name)
