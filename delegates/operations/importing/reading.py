"""Rows of a sheet, one after the other: people, and what only looks like a row of people."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conference.models import Conference, Language
from delegates.models import Country, Delegation
from delegates.operations.importing.cells import (
    Cell,
    as_stored,
    clean,
    is_ditto,
    one_line,
    text_of,
)
from delegates.operations.importing.files import Sheet
from delegates.operations.importing.findings import finding
from delegates.operations.importing.headers import NAMES, repeats
from delegates.operations.importing.parties import Parties
from delegates.operations.importing.rows import ReadRow
from delegates.operations.importing.values import PersonReader, country_of

_TOTAL = re.compile(
    r"^(?:sub)?total|^sum\b|^note|^remark|^contact|^prepared|^合计|^总计|^共计|^小计|^共\s*\d+|^备注|"
    r"^注[:：]|^说明|^联系人|^填表|^制表",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^(?:example|示例|例)", re.IGNORECASE)
_BAND_END = re.compile(r"delegation|团$|[)）]$", re.IGNORECASE)
# A row of a total or a note has few cells.
_FEW = 4
_FILLED_BY_DASH = frozenset({"delegation", "organisation"})


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
        self.person = PersonReader(conference, self._label_of)

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
        self.person.read(given, row)
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


def default_language(values: Mapping[str, Any], delegation: Delegation) -> str:
    """Return the language to write to a new person in, where the list does not tell."""
    if values.get("language"):
        return str(values["language"])
    chinese = country_of(delegation) == Country.CHINA
    return Language.CHINESE if chinese else Language.ENGLISH
