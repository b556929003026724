"""The rows of a list of addresses, as other programs and our own export write it.

A table of text with the columns address, reason, since and evidence, in any order, or one address
on each line and no heading. Nothing is judged here.
"""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Final

from conference.errors import ListNotReadable

#: Bytes of a file, and rows of a list: more is no list of people of one conference.
LARGEST: Final = 500_000
MOST_ROWS: Final = 2000
_DELIMITERS: Final = (",", ";", "\t")
#: What stands above the columns, in our export and in those of mail programs and providers.
_COLUMNS: Final = {
    "address": ("address", "email", "e-mail", "email address", "recipient", "邮箱", "电子邮箱"),
    "reason": ("reason", "type", "原因"),
    "since": ("since", "created", "created_at", "date", "自", "日期"),
    "evidence": ("evidence", "error", "note", "description", "依据", "备注"),
}
#: A spreadsheet's guard before what looks like a formula; our export sets it.
_GUARDED: Final = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as it stands in the list; ``line`` counts from 1."""

    line: int
    address: str = ""
    reason: str = ""
    since: str = ""
    evidence: str = ""


def decoded(content: bytes) -> str:
    """Return a file as text. Raises ListNotReadable for what is too large or no text."""
    if len(content) > LARGEST:
        raise ListNotReadable
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListNotReadable


def rows_in(text: str) -> list[Row]:
    """Return the rows of a list; empty ones are left out. Raises ListNotReadable."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head = lines.strip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        cells = [
            (number, [_plain(cell) for cell in line])
            for number, line in enumerate(
                csv.reader(StringIO(lines), delimiter=delimiter, strict=True), start=1
            )
            if any(cell.strip() for cell in line)
        ]
    except csv.Error as failure:
        raise ListNotReadable from failure
    if not cells:
        return []
    columns = _columns(cells[0][1])
    if columns:
        cells = cells[1:]
    if len(cells) > MOST_ROWS:
        raise ListNotReadable
    return [_row(number, line, columns or {"address": 0}) for number, line in cells]


def _columns(head: list[str]) -> dict[str, int]:
    """Return where each column is, {} where the first row is no heading."""
    names = [cell.lower() for cell in head]
    found = {}
    for column, known in _COLUMNS.items():
        place = next((at for at, name in enumerate(names) if name in known), None)
        if place is not None:
            found[column] = place
    return found if "address" in found else {}


def _row(number: int, line: list[str], columns: dict[str, int]) -> Row:
    told = {name: line[at] for name, at in columns.items() if at < len(line)}
    return Row(line=number, **told)


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:].strip() if cell.startswith(_GUARDED) else cell
