"""The made-up people: 200 delegates of the fifth conference and 30 staff of its rehearsal.

Pure values, the same for the same seed. Nobody here is real; whatever reaches a person (address,
phone, flight) is of a kind that cannot exist.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from faker import Faker

from demo import facts
from demo.names import Name, NameBook
from demo.parties import HOST, SECRETARIAT, SHARED_ADDRESS, WITHOUT_EMAIL, Party, parties
from demo.travel import Journey, journeys

SEED = 20231103

BADGE_CLASS_OF_POST = {
    "spouse": "accompanying",
    "interpreter_en": "interpreter",
    "interpreter_es": "interpreter",
    "press_cn": "press",
    "press_foreign": "press",
    "security": "security",
    "volunteer": "volunteer",
}

DIETS = ("vegetarian", "halal", "nut allergy", "no pork", "vegan")
ACCESS_NEEDS = ("wheelchair user", "hearing loop", "step-free seat near an aisle", "large print")


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person at the conference, with what a delegation's list tells of people."""

    key: str
    party: str
    post: str
    place: str
    mark: str
    role: str
    rank: int
    badge_class: str
    counts_as: str
    honorific: str
    given_name: str
    family_name: str
    suffix: str
    native_name: str
    name_order: str
    badge_name: str
    title_en: str
    title_zh: str
    organisation_en: str
    organisation_zh: str
    email: str
    phone: str
    language: str
    needs_interpreter: bool
    diet: str
    access_needs: str
    arrival: Journey
    departure: Journey
    home_timezone: str
    photo_consent: bool
    companion_of: str = ""

    @property
    def latin_name(self) -> str:
        """The name in Latin script, in the order the person prefers."""
        names = [self.given_name, self.family_name]
        if self.name_order == "family_first":
            names.reverse()
        return " ".join(part for part in [*names, self.suffix] if part)


class Census:
    """Makes the people of one seed, seat by seat."""

    def __init__(self, seed: int) -> None:
        """Prepare the generator and keep the fixed names out of the dealt ones."""
        self.faker = Faker("en_US")
        self.faker.seed_instance(seed)
        self.names = NameBook(self.faker)
        self.fixed: dict[str, dict[str, Any]] = facts.document("named_people.json")
        for who in self.fixed.values():
            self.names.reserve(
                f"{who['given_name']} {who['family_name']}",
                f"{who['family_name']} {who['given_name']}",
                who["native_name"],
            )
        self.posts = {row["post"]: row for row in facts.rows("posts.csv")}
        self.phones: defaultdict[str, int] = defaultdict(int)
        self.made: list[Person] = []
        self.of_party: dict[str, list[Person]] = defaultdict(list)

    def people(self) -> tuple[Person, ...]:
        """Return everybody, in the order of the seats file."""
        for row in facts.rows("seats.csv"):
            person = self._person(row, parties()[row["delegation"]])
            self.made.append(person)
            self.of_party[person.party].append(person)
        return tuple(self._with_needs(self.made))

    def _person(self, row: dict[str, str], party: Party) -> Person:
        faker = self.faker
        place = len(self.of_party[party.key])
        post = self.posts[row["post"]]
        partner = self._partner(row["mark"], party)
        foreign = party.country == "US" or row["post"] == "press_foreign"
        fixed = self.fixed.get(row["mark"], {})
        name = self._name(fixed, partner, foreign=foreign)
        place_en, place_zh = facts.place_names().get(
            (party.key, row["place"]), (party.name_en, party.name_zh)
        )
        arrival, departure = journeys(
            faker,
            country=party.country,
            local=party.key in {HOST, SECRETARIAT},
            leaves_early=row["mark"] == "leaves_early",
        )
        if partner:
            arrival, departure = partner.arrival, partner.departure
        family_first = not foreign and faker.random_int(1, 100) <= 85
        has_native = not foreign or "native_name" in fixed or faker.random_int(1, 100) <= 30
        return Person(
            key=f"{party.key.lower()}-{place + 1:02}",
            party=party.key,
            post=row["post"],
            place=row["place"],
            mark=row["mark"],
            role=row["role"],
            rank=int(post["rank"]),
            badge_class=BADGE_CLASS_OF_POST.get(
                row["post"], "staff" if party.key == SECRETARIAT else "delegate"
            ),
            counts_as=post["counts_as"],
            honorific=self._honorific(row["post"], female=name.female),
            given_name=name.given,
            family_name=name.family,
            suffix=fixed.get("suffix", ""),
            native_name=name.native if has_native else "",
            name_order="family_first" if family_first else "given_first",
            badge_name=fixed.get("badge_name", ""),
            title_en=post["title_en"].format(place=place_en),
            title_zh=post["title_zh"].format(place=place_zh),
            organisation_en="" if party.is_place else party.name_en,
            organisation_zh="" if party.is_place else party.name_zh,
            email=self._email(name, party, place),
            phone=self._phone(party),
            language="en" if foreign else "zh-hans",
            needs_interpreter=fixed.get("needs_interpreter", faker.random_int(1, 100) <= 60),
            diet=faker.random_element(DIETS) if faker.random_int(1, 100) <= 22 else "",
            access_needs="",
            arrival=arrival,
            departure=departure,
            home_timezone=party.timezone,
            photo_consent=faker.random_int(1, 100) <= 92,
            companion_of=partner.key if partner else "",
        )

    def _partner(self, mark: str, party: Party) -> Person | None:
        if not mark.startswith("spouse_of_"):
            return None
        return self.of_party[party.key][int(mark.removeprefix("spouse_of_"))]

    def _name(self, fixed: dict[str, Any], partner: Person | None, *, foreign: bool) -> Name:
        if fixed:
            return Name(
                fixed["given_name"],
                fixed["family_name"],
                fixed["native_name"],
                fixed["gender"] == "f",
            )
        female = self.faker.random_int(1, 100) <= 45
        if partner is None:
            if foreign:
                return self.names.american(female=female)
            return self.names.chinese(female=female)
        female = partner.honorific != "Ms."
        if not foreign:
            return self.names.chinese(female=female)
        shares = partner.native_name and self.faker.boolean()
        family = (partner.family_name, partner.native_name.split("·")[-1]) if shares else None
        return self.names.american(female=female, family=family)

    @staticmethod
    def _honorific(post: str, *, female: bool) -> str:
        if post in {"dean", "cn_dean"}:
            return "Dr."
        if post == "professor":
            return "Prof."
        return "Ms." if female else "Mr."

    def _email(self, name: Name, party: Party, place: int) -> str:
        """Return an address on a reserved domain, a shared one, or none."""
        missing = self.faker.random_int(1, 100) <= 6
        if party.key == WITHOUT_EMAIL:
            return ""
        if place < SHARED_ADDRESS.get(party.key, 0):
            return f"assistant@{party.domain}"
        if missing:
            return ""
        words = f"{name.given}.{name.family}".strip(".").lower()
        plain = words.translate(str.maketrans("üñ '", "un--")).replace("-", "")
        taken = sum(1 for other in self.made if other.email.startswith(f"{plain}@{party.domain}"))
        twin = "2" if taken else ""
        return f"{plain}{twin}@{party.domain}"

    def _phone(self, party: Party) -> str:
        """Return a number nobody can have: 555-01xx, or a Chinese one that begins with zeros."""
        number = self.phones[party.area_code]
        self.phones[party.area_code] += 1
        if party.area_code:
            return f"+1 {party.area_code} 555 {100 + number % 100:04}"
        return f"+86 512 0000 {number % 10000:04}"

    def _with_needs(self, people: list[Person]) -> list[Person]:
        """Give access needs to a few, so that each of them occurs."""
        chosen = self.faker.random.sample(range(len(people)), 2 * len(ACCESS_NEEDS))
        needs = {
            index: ACCESS_NEEDS[place % len(ACCESS_NEEDS)] for place, index in enumerate(chosen)
        }
        return [
            replace(person, access_needs=needs.get(index, ""))
            for index, person in enumerate(people)
        ]


@cache
def everybody(seed: int = SEED) -> tuple[Person, ...]:
    """Return the 230 persons of this seed: delegates, then staff."""
    return Census(seed).people()


def delegates(seed: int = SEED) -> tuple[Person, ...]:
    """Return the 200 delegates of this seed."""
    return tuple(person for person in everybody(seed) if person.party != SECRETARIAT)


def staff(seed: int = SEED) -> tuple[Person, ...]:
    """Return the 30 persons who serve the rehearsal."""
    return tuple(person for person in everybody(seed) if person.party == SECRETARIAT)
