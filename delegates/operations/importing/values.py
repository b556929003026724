"""The cells of one row as fields of a person, each read by what its column holds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conference.models import Conference
from delegates.models import Country, Delegate, Delegation
from delegates.operations.importing import answers, contacts, names
from delegates.operations.importing.cells import (
    Cell,
    close_up_han,
    has_han,
    is_nothing,
    one_line,
    text_of,
)
from delegates.operations.importing.findings import finding
from delegates.operations.importing.names import NameReading
from delegates.operations.importing.rows import ReadRow

_LIMITS: dict[str, int] = {
    name: Delegate._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in (
        "family_name",
        "given_name",
        "suffix",
        "native_name",
        "badge_name",
        "honorific",
        "title_en",
        "title_zh",
        "organisation_en",
        "organisation_zh",
        "email",
        "phone",
        "diet",
        "access_needs",
        "arrival_by",
        "departure_by",
        "source_id",
    )
}
# Columns whose text goes as it is into the field of the same name.
_PLAIN = ("badge_name", "suffix", "honorific", "diet", "access_needs", "arrival_by", "departure_by")


@dataclass(frozen=True, slots=True)
class PersonReader:
    """Reads rows of one list; ``label_of`` gives the file's own header of a column."""

    conference: Conference
    label_of: Callable[[str], str]

    def read(self, given: Mapping[str, Cell], row: ReadRow) -> None:
        """Fill the row's values from its cells, given by what their columns hold."""
        values = row.values
        country = country_of(row.delegation)
        self._name(given, row, country)
        self._texts(given, row)
        if "email" in given:
            values["email"], found = contacts.read_email(given["email"], self.label_of("email"))
            row.add(found)
        if "phone" in given:
            values["phone"], values["phone_e164"], found = contacts.read_phone(
                given["phone"], country=country, column=self.label_of("phone")
            )
            row.add(found)
        self._answers(given, row)
        for target in ("arrival", "departure"):
            if target in given:
                moment, found = answers.read_moment(
                    given[target],
                    given.get(f"{target}_time"),
                    conference=self.conference,
                    column=self.label_of(target),
                )
                row.add(found)
                values[f"{target}_at"] = moment.isoformat() if moment else ""
        if identifier := one_line(text_of(given.get("id"))):
            values["source_id"] = identifier
        row.values = {name: value for name, value in values.items() if value not in ("", None)}
        self._cut(row)

    def _answers(self, given: Mapping[str, Cell], row: ReadRow) -> None:
        values = row.values
        for target in ("vip", "needs_interpreter", "photo_consent"):
            if target in given:
                values[target], found = answers.read_yes(given[target], self.label_of(target))
                row.add(found)
        if "role" in given:
            values["role"], found = answers.read_role(given["role"], self.label_of("role"))
            row.add(found)
        if "rank" in given:
            values["rank"], found = answers.read_rank(given["rank"], self.label_of("rank"))
            row.add(found)
        values["language"] = answers.read_language(given.get("language"))

    def _name(self, given: Mapping[str, Cell], row: ReadRow, country: str) -> None:
        reading = NameReading()
        for target in ("name", "latin_name", "native_name"):
            text = text_of(given.get(target))
            if text and not is_nothing(text):
                part = names.read_name(text, country=country, column=self.label_of(target))
                row.add(part.findings)
                _merge(reading, part)
        family, own = (text_of(given.get(target)) for target in ("family_name", "given_name"))
        if family or own:
            _merge(reading, names.read_parts(family, own, country=country))
        if reading.is_empty and not row.is_refused:
            row.add(finding("no_name", self.label_of("name")))
        row.values |= {
            "family_name": reading.family,
            "given_name": reading.given,
            "native_name": reading.native,
            "suffix": reading.suffix,
            "honorific": reading.honorific,
            "name_order": reading.order,
            "title_en": reading.post_en,
            "title_zh": reading.post_zh,
        }

    def _texts(self, given: Mapping[str, Cell], row: ReadRow) -> None:
        """Read the columns of plain text; titles and units go to the language they are in."""
        values = row.values
        for target in ("title", "organisation"):
            text = one_line(text_of(given.get(target)))
            if text and not is_nothing(text):
                english, chinese = _by_script(text)
                posts = values.get(f"{target}_en", ""), values.get(f"{target}_zh", "")
                if posts[0] and english and posts[0].casefold() not in english.casefold():
                    values["honorific"] = f"{values['honorific']} {posts[0]}".strip()
                values[f"{target}_en"] = english or posts[0]
                values[f"{target}_zh"] = chinese or posts[1]
            for suffix in ("en", "zh"):
                own = one_line(text_of(given.get(f"{target}_{suffix}")))
                if own and not is_nothing(own):
                    values[f"{target}_{suffix}"] = own
        for target in _PLAIN:
            text = one_line(text_of(given.get(target)))
            if text and not is_nothing(text):
                values[target] = text

    def _cut(self, row: ReadRow) -> None:
        for name, limit in _LIMITS.items():
            text = row.values.get(name, "")
            if len(text) > limit:
                row.values[name] = text[:limit].rstrip()
                row.add(finding("too_long", self.label_of(name), limit=limit))


def country_of(delegation: Delegation | None) -> str:
    """Return the country of the party that sends a delegation; a hint for names and phones."""
    if delegation is None:
        return Country.OTHER
    party = delegation.locality or delegation.organisation
    return party.country if party else Country.OTHER


def _merge(reading: NameReading, part: NameReading) -> None:
    """Complete a reading with another's parts; a column of its own wins for its script."""
    if part.family or part.given:
        reading.family, reading.given, reading.order = part.family, part.given, part.order
    for name in ("native", "suffix", "honorific", "post_en", "post_zh"):
        if text := getattr(part, name):
            setattr(reading, name, text)


def _by_script(text: str) -> tuple[str, str]:
    """Return the English and the Chinese of a text in both, such as “市长 Mayor”."""
    if not has_han(text):
        return text, ""
    words = re.split(r"\s*[/|／]\s*|\s{2,}|\n", text)
    chinese = [word for word in words if has_han(word)]
    english = [word for word in words if not has_han(word)]
    if len(words) == 1:
        found = re.fullmatch(r"([^A-Za-z]+)\s+([A-Za-z][A-Za-z ,.'&/-]{2,})", text)
        if found and has_han(found[1]):
            return found[2].strip(), found[1].strip()
        found = re.fullmatch(r"([A-Za-z][A-Za-z ,.'&-]{2,}?)\s*([^A-Za-z]+)", text)
        if found and has_han(found[2]):
            return found[1].strip(), found[2].strip(" ()")
    return one_line(" ".join(english)), close_up_han(" ".join(chinese))
