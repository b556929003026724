"""Made-up names in both scripts, dealt out once each.

The stock is our own (``data/names.json``), so a new release of Faker does not rename anybody, and
every Chinese name has the right pinyin. Faker's seeded generator shuffles the stock.
"""

from dataclasses import dataclass
from itertools import cycle

from faker import Faker

from demo import facts


@dataclass(frozen=True, slots=True)
class Name:
    """One person's names."""

    given: str
    family: str
    native: str
    female: bool


class NameBook:
    """Deals names so that no two persons share one, and none is a real person's of the facts."""

    def __init__(self, faker: Faker) -> None:
        """Shuffle the stock with the generator of ``faker``."""
        stock: dict[str, list[list[str]]] = facts.document("names.json")
        shuffled = {key: faker.random.sample(pairs, len(pairs)) for key, pairs in stock.items()}
        self._stock = {key: cycle(pairs) for key, pairs in shuffled.items()}
        self._taken = set(facts.names_of_record())

    def american(self, *, female: bool, family: tuple[str, str] | None = None) -> Name:
        """Deal an American name with its usual Chinese transcription.

        ``family`` gives a family name to share, as a couple does: Latin, then Chinese.
        """
        kind = "us_given_female" if female else "us_given_male"
        while True:
            given, given_zh = next(self._stock[kind])
            last, last_zh = family or next(self._stock["us_family"])
            if self._take(f"{given} {last}"):
                return Name(given, last, f"{given_zh}·{last_zh}", female)

    def chinese(self, *, female: bool) -> Name:
        """Deal a Chinese name with its pinyin."""
        kind = "cn_given_female" if female else "cn_given_male"
        while True:
            given_zh, given = next(self._stock[kind])
            family_zh, family = next(self._stock["cn_family"])
            if self._take(family_zh + given_zh, f"{family} {given}"):
                return Name(given, family, family_zh + given_zh, female)

    def reserve(self, *names: str) -> None:
        """Keep these names from being dealt: somebody has them already."""
        self._taken.update(names)

    def _take(self, *names: str) -> bool:
        if self._taken.intersection(names):
            return False
        self._taken.update(names)
        return True
