"""Rows as values: each cell read by what its column holds, with a finding for what is not plain."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conference.models import Conference, Language
from delegates.models import Country, Delegate, Delegation
from delegates.operations.importing import answers, contacts, names
from delegates.operations.importing.cells import (
    Cell,
    as_stored,
    clean,
    close_up_han,
    has_han,
    is_ditto,
    is_nothing,
    one_line,
    text_of,
)
from delegates.operations.importing.files import Sheet
from delegates.operations.importing.findings import Finding, finding, is_error
from delegates.operations.importing.headers import NAMES, Column, repeats
from delegates.operations.importing.names import NameReading
from delegates.operations.importing.parties import Parties

_TOTAL = re.compile(
    r"^(?:sub)?total|^sum\b|^note|^remark|^contact|^prepared|^合计|^总计|^共计|^小计|^共\s*\d+|^备注|"
    r"^注[:：]|^说明|^联系人|^填表|^制表",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^(?:example|示例|例)", re.IGNORECASE)
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
_BAND_END = re.compile(r"delegation|团$|[)）]$", re.IGNORECASE)
# A row of a total or a note has few cells.
_FEW = 4
_FILLED_BY_DASH = frozenset({"delegation", "organisation"})


@dataclass(slots=True)
class ReadRow:
    """One row of the file: its number there, its text, what was read, what was found.

    ``is_person`` is false for bands, totals and the like; ``delegation`` is None where it could
    not be told. ``values`` are fields of a delegate, as JSON.
    """

    number: int
    raw: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    delegation: Delegation | None = None
    is_person: bool = True

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps the row from going in."""
        return any(is_error(found.as_json()) for found in self.findings)

    def add(self, found: Finding | list[Finding]) -> None:
        """Say more about the row."""
        self.findings += found if isinstance(found, list) else [found]


def read_rows(
    sheet: Sheet, *, conference: Conference, parties: Parties, chosen: Delegation | None
) -> Iterator[ReadRow]:
    """Yield every row below the header that is not empty, in the order of the file.

    ``chosen`` is the delegation that the whole list was loaded for, or None.
    """
    reader = _Reader(sheet, conference, parties, chosen)
    rows = [
        row
        for number, cells in enumerate(sheet.rows[sheet.header.last_row + 1 :], start=1)
        if (row := reader.read(sheet.header.last_row + 1 + number, cells)) is not None
    ]
    shared = Counter(row.values.get("email", "").casefold() for row in rows if row.is_person)
    for row in rows:
        count = shared[row.values.get("email", "").casefold()]
        if row.values.get("email") and count > 1:
            row.add(finding("shared_email", _label(sheet, "email"), count=count))
        yield row


def _label(sheet: Sheet, target: str) -> str:
    columns = sheet.header.of(target)
    return columns[0].label if columns else ""


class _Reader:
    """Reads row after row; remembers the row above and the band that it is in."""

    def __init__(
        self, sheet: Sheet, conference: Conference, parties: Parties, chosen: Delegation | None
    ) -> None:
        self.header = sheet.header
        self.conference = conference
        self.parties = parties
        self.chosen = chosen
        self.band: Delegation | None = None
        self.band_name = ""
        self.above: dict[str, Cell] = {}
        self.delegation_above = ""

    def read(self, number: int, cells: list[Cell]) -> ReadRow | None:
        """Return the row, or None if it is empty."""
        texts = [text_of(cell) for cell in cells]
        filled = [text for text in texts if text]
        if not filled:
            return None
        row = ReadRow(number, self._raw(cells))
        if repeats(cells, self.header):
            return self._skip(row, "repeated_header")
        if self._is_band(filled, texts, row):
            return row
        given = self._by_target(cells, row)
        if reason := self._is_nobody(given, filled):
            return self._skip(row, reason)
        self._fill_down(given, row)
        self._delegation(given, row)
        self._values(given, row)
        self.above = given
        extra = [text for text in texts[len(self.header.columns) :] if text]
        if extra:
            row.add(finding("extra_cells", text="; ".join(extra)))
        return row

    # --- what a row is ---

    def _skip(self, row: ReadRow, code: str, **params: str) -> ReadRow:
        row.is_person = False
        row.add(finding(code, **params))
        return row

    def _is_nobody(self, given: Mapping[str, Cell], filled: list[str]) -> str:
        """Return why a row is not about a person, as the code of a finding; else nothing."""
        if any(_EXAMPLE.match(text_of(given.get(target))) for target in ("id", "name")):
            return "example"
        if len(filled) <= _FEW and _TOTAL.match(filled[0]):
            return "total"
        if any(_TOTAL.match(text_of(given.get(target))) for target in ("serial", "name")):
            return "total"
        if any(text_of(given.get(target)) for target in NAMES):
            return ""
        telling = set(given) - {"serial", "delegation", "ignored"}
        return "empty" if sum(bool(text_of(given[target])) for target in telling) < 2 else ""

    def _is_band(self, filled: list[str], texts: list[str], row: ReadRow) -> bool:
        """Tell whether the row only announces a delegation, and remember which."""
        words = {text for text in filled if not text.isdecimal()}
        if len(words) != 1:
            return False
        (words_of_row,) = words
        text = one_line(words_of_row)
        delegation, announced = self.parties.band(text)
        position = texts.index(words_of_row)
        columns = self.header.columns
        # “California” alone in a column of names is a band only if there is such a delegation.
        in_names = position < len(columns) and columns[position].target in NAMES
        if not announced or (in_names and delegation is None and not _BAND_END.search(text)):
            return False
        self.band, self.band_name = delegation, text
        self.above = {}
        self.delegation_above = ""
        self._skip(row, "band", name=str(delegation or text))
        return True

    # --- cells by what they hold ---

    def _raw(self, cells: list[Cell]) -> dict[str, str]:
        raw: dict[str, str] = {}
        for column in self.header.columns:
            if column.target == "sensitive" or column.index >= len(cells):
                continue
            if text := as_stored(cells[column.index]):
                label = column.label or f"#{column.index + 1}"
                raw[label if label not in raw else f"{label} #{column.index + 1}"] = text
        return raw

    def _by_target(self, cells: list[Cell], row: ReadRow) -> dict[str, Cell]:
        """Return the cells by what their columns hold; of two alike the first with text."""
        given: dict[str, Cell] = {}
        for column in self.header.columns:
            if not column.target or column.target == "sensitive" or column.index >= len(cells):
                continue
            cell = cells[column.index]
            if isinstance(cell, str):
                cell, found = clean(text_of(cell), column.label)
                row.add(found)
            if text_of(cell) and not text_of(given.get(column.target)):
                given[column.target] = cell
        return given

    def _fill_down(self, given: dict[str, Cell], row: ReadRow) -> None:
        for target, cell in list(given.items()):
            text = text_of(cell)
            dash = target in _FILLED_BY_DASH and text in ("-", "--", "—", "——", "–")
            if not dash and not is_ditto(text):
                continue
            above = self.above.get(target)
            label = self._label_of(target)
            if text_of(above):
                given[target] = above
                row.add(finding("filled_down", label, text=text_of(above)))
            else:
                del given[target]
                if not dash:
                    row.add(finding("nothing_above", label, text=text))

    def _label_of(self, target: str) -> str:
        columns = self.header.of(target)
        return columns[0].label if columns else ""

    def _delegation(self, given: dict[str, Cell], row: ReadRow) -> None:
        label = self._label_of("delegation")
        text = one_line(text_of(given.get("delegation")))
        if not text and label and self.band is None:
            # A merged or left-out cell: the delegation of the row above.
            text = self.delegation_above
        self.delegation_above = text
        if self.chosen is not None:
            row.delegation = self.chosen
            if text:
                named, _findings = self.parties.find(text, label)
                if named is not None and named != self.chosen:
                    row.add(finding("other_delegation", label, text=text, name=str(self.chosen)))
        elif text:
            row.delegation, found = self.parties.find(text, label)
            if row.delegation is None and self.band is not None:
                row.delegation = self.band
            else:
                row.add(found)
        elif self.band is not None:
            row.delegation = self.band
        elif self.band_name:
            row.add(finding("unknown_delegation", label, text=self.band_name))
        else:
            row.add(finding("no_delegation", label))

    def _values(self, given: dict[str, Cell], row: ReadRow) -> None:
        values = row.values
        country = _country_of(row.delegation)
        self._name(given, row, country)
        self._texts(given, row)
        if "email" in given:
            values["email"], found = contacts.read_email(given["email"], self._label_of("email"))
            row.add(found)
        if "phone" in given:
            values["phone"], values["phone_e164"], found = contacts.read_phone(
                given["phone"], country=country, column=self._label_of("phone")
            )
            row.add(found)
        self._answers(given, row)
        for target in ("arrival", "departure"):
            if target in given:
                moment, found = answers.read_moment(
                    given[target],
                    given.get(f"{target}_time"),
                    conference=self.conference,
                    column=self._label_of(target),
                )
                row.add(found)
                values[f"{target}_at"] = moment.isoformat() if moment else ""
        if identifier := one_line(text_of(given.get("id"))):
            values["source_id"] = identifier
        row.values = {name: value for name, value in values.items() if value not in ("", None)}
        self._cut(row)

    def _answers(self, given: dict[str, Cell], row: ReadRow) -> None:
        values = row.values
        for target in ("vip", "needs_interpreter", "photo_consent"):
            if target in given:
                values[target], found = answers.read_yes(given[target], self._label_of(target))
                row.add(found)
        if "role" in given:
            values["role"], found = answers.read_role(given["role"], self._label_of("role"))
            row.add(found)
        if "rank" in given:
            values["rank"], found = answers.read_rank(given["rank"], self._label_of("rank"))
            row.add(found)
        values["language"] = answers.read_language(given.get("language"))

    def _name(self, given: dict[str, Cell], row: ReadRow, country: str) -> None:
        reading = NameReading()
        for target in ("name", "latin_name", "native_name"):
            text = text_of(given.get(target))
            if text and not is_nothing(text):
                part = names.read_name(text, country=country, column=self._label_of(target))
                row.add(part.findings)
                _merge(reading, part)
        family, own = (text_of(given.get(target)) for target in ("family_name", "given_name"))
        if family or own:
            _merge(reading, names.read_parts(family, own, country=country))
        if reading.is_empty and not row.is_refused:
            row.add(finding("no_name", self._label_of("name")))
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

    def _texts(self, given: dict[str, Cell], row: ReadRow) -> None:
        """Read the columns of plain text; titles and units go to the language they are in."""
        values = row.values
        for target in ("title", "organisation"):
            text = one_line(text_of(given.get(target)))
            if text and not is_nothing(text):
                english, chinese = _by_script(text)
                posts = values.get(f"{target}_en"), values.get(f"{target}_zh")
                if posts[0] and english and not values["honorific"]:
                    values["honorific"] = posts[0]
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
                row.add(finding("too_long", self._label_of(name), limit=limit))


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


def _country_of(delegation: Delegation | None) -> str:
    if delegation is None:
        return Country.OTHER
    party = delegation.locality or delegation.organisation
    return party.country if party else Country.OTHER


def _first_label(columns: tuple[Column, ...]) -> str:
    return next((column.label for column in columns if column.target in NAMES), "")


def default_language(values: Mapping[str, Any], delegation: Delegation) -> str:
    """Return the language to write to a new person in, where the list does not tell."""
    if values.get("language"):
        return str(values["language"])
    chinese = _country_of(delegation) == Country.CHINA
    return Language.CHINESE if chinese else Language.ENGLISH
