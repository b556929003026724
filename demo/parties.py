"""The parties that send a delegation in the demo: states, provinces and bodies."""

from dataclasses import dataclass
from functools import cache

from demo import facts

HOST = "CN-JS"
SECRETARIAT = "secretariat"

# Nobody in this delegation has an e-mail address, its focal point neither: the post and the phone.
WITHOUT_EMAIL = "US-ID"

# In these the head's assistant holds one address for the first persons of the list (how many).
SHARED_ADDRESS = {
    "CN-JS": 5,
    "CN-ZJ": 4,
    "CN-GD": 4,
    "CN-SD": 3,
    "cpaffc": 3,
    "US-CA": 4,
    "US-WA": 3,
    "US-NY": 3,
    "US-TX": 3,
    "US-MO": 5,
}


@dataclass(frozen=True, slots=True)
class Party:
    """A state, a province or a body. ``key`` is an ISO 3166-2 code or a word of our own."""

    key: str
    country: str
    name_en: str
    name_zh: str
    abbreviation: str
    domain: str
    timezone: str
    area_code: str
    precedence: int
    note: str = ""

    @property
    def is_place(self) -> bool:
        """Whether the party is a place rather than a body."""
        return self.key[:3] in {"US-", "CN-"}


def _domain(region: facts.Region) -> str:
    word = "".join(letter for letter in region.name_en.lower() if letter.isalpha())
    return f"{word}.example"


def _precedence(key: str, order: int) -> int:
    """Host first, then American states by name, Chinese regions in their usual order, bodies."""
    if key == HOST:
        return 1
    return {"US-": 100, "CN-": 200}.get(key[:3], 300) + order


@cache
def parties() -> dict[str, Party]:
    """Return the parties by key, in the order of the seats file."""
    bodies = {body["key"]: body for body in facts.document("organisations.json")}
    keys = list(dict.fromkeys(row["delegation"] for row in facts.rows("seats.csv")))
    regions = facts.regions()
    by_precedence = sorted(
        (key for key in keys if key in regions),
        key=lambda key: regions[key].name_en if key[:2] == "US" else str(list(regions).index(key)),
    )
    order = {key: place for place, key in enumerate([*by_precedence, *bodies], start=1)}
    found = {}
    for key in keys:
        if key in regions:
            region = regions[key]
            found[key] = Party(
                key=key,
                country=region.country,
                name_en=region.name_en,
                name_zh=region.name_zh,
                abbreviation="",
                domain=_domain(region),
                timezone=region.timezone,
                area_code=region.area_code,
                precedence=_precedence(key, order[key]),
            )
        else:
            body = bodies[key]
            found[key] = Party(
                key=key,
                country=body["country"],
                name_en=body["name_en"],
                name_zh=body["name_zh"],
                abbreviation=body["abbreviation"],
                domain=body["domain"],
                timezone="Asia/Shanghai" if body["country"] == "CN" else "America/New_York",
                area_code="202" if body["country"] == "US" else "",
                precedence=_precedence(key, order[key]),
                note=body["note"],
            )
    return found
