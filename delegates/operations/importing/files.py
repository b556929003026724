"""Opening what was sent: what it truly is, whether it is within limits, and its rows.

The name of a file says nothing for sure; its content does. Nothing in it is ever run.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from delegates.errors import ImportRefused
from delegates.operations.importing.cells import Cell
from delegates.operations.importing.findings import Finding, finding
from delegates.operations.importing.headers import Header, find_header

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 100 * MEGABYTE
MOST_ENTRIES = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 100

_DELIMITERS = (",", ";", "\t", "，", "|")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read: ``rows[0]`` is row 1 of the file."""

    rows: list[list[Cell]]
    header: Header
    encoding: str = ""
    delimiter: str = ""
    name: str = ""
    findings: list[Finding] = field(default_factory=list)


def open_table(content: bytes) -> Sheet:
    """Return the table of an .xlsx or .csv file; raises ImportRefused with what to do instead."""
    if not content.strip(b"\x00 \r\n\t"):
        raise ImportRefused(_("This file is empty."))
    if len(content) > LARGEST_FILE:
        raise ImportRefused(_("This file is larger than 10 MB. Send the list without pictures."))
    if content.startswith(b"PK\x03\x04"):
        return _from_workbook(content)
    _refuse_what_is_no_table(content)
    return _from_text(content)


def _refuse_what_is_no_table(content: bytes) -> None:
    start = content[:2048].lstrip().lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ImportRefused(
                _("This file is locked with a password. Save it without one and send it again.")
            )
        raise ImportRefused(
            _("This is an old Excel file (.xls). Open it and save it as .xlsx, then send that.")
        )
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"\xef\xbb\xbf<html")):
        raise ImportRefused(
            _("This is a web page under another name. Open it in Excel and save it as .xlsx.")
        )
    if content.startswith(b"%PDF"):
        raise ImportRefused(_("This is a PDF. Send the list as .xlsx or .csv."))
    if content.startswith(
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
    ):
        raise ImportRefused(_("This is not a spreadsheet. Send the list as .xlsx or .csv."))


# --- Workbooks ---


def _from_workbook(content: bytes) -> Sheet:
    names = _check_package(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        tables = [(name, _rows_of(workbook, name)) for name in visible]
    except (CalamineError, OSError, ValueError) as problem:
        raise _damaged() from problem
    found = [(name, rows, find_header(rows)) for name, rows in tables]
    for name, rows, header in found:
        if header is None:
            continue
        others = [other for other, table, _header in found if other != name and len(table) > 1]
        notes = []
        if others:
            notes.append(finding("other_sheets", name=name, others=", ".join(others)))
        if any(entry.endswith("vbaProject.bin") for entry in names):
            notes.append(finding("macros"))
        return Sheet(rows, header, name=name, findings=notes)
    raise _no_header()


def _check_package(content: bytes) -> list[str]:
    """Look at the package before a spreadsheet is made of it; return the names of its entries."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _check_entries(package)
    # RuntimeError: an entry is encrypted; zlib.error, EOFError: it is cut off.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as problem:
        raise _damaged() from problem


def _check_entries(package: zipfile.ZipFile) -> list[str]:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names:
            raise ImportRefused(_("This is an .xlsb file. Save it as .xlsx, then send that."))
        raise ImportRefused(
            _("This is a package of other files, not a spreadsheet. Send each list by itself.")
        )
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise ImportRefused(_("This file is too large when unpacked. Copy the list to a new file."))
    for name in names:
        if name.endswith((".xml", ".rels")):
            _check_extent(package, name)
    return names


def _check_extent(package: zipfile.ZipFile, name: str) -> None:
    """Unpack an entry in pieces, so that one larger than it says is found out by its checksum.

    Refuse a sheet whose farthest filled cell is beyond the limits, before it is laid out.
    """
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    tail = b""
    with package.open(name) as stream:
        for chunk in iter(lambda: stream.read(MEGABYTE), b""):
            piece = tail + chunk
            for column, row in _CELL.findall(piece) if is_sheet else ():
                if int(row) > MOST_ROWS or _column_number(column) > MOST_COLUMNS:
                    raise _too_large()
            tail = piece[-200:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _rows_of(workbook: CalamineWorkbook, name: str) -> list[list[Cell]]:
    sheet = workbook.get_sheet_by_name(name)
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill_merged(rows, top, left, bottom, right)
    return rows


def _fill_merged(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """Give every cell of a merged range its text, unless it is a title across the sheet."""
    if top >= len(rows) or left >= len(rows[top]) or (right - left > 3 and bottom == top):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = value


# --- Text ---


def _from_text(content: bytes) -> Sheet:
    text, encoding, notes = _decoded(content)
    text = text.replace("\x00", "")
    best: Sheet | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in text and delimiter != ",":
            continue
        rows = _parsed(text, delimiter)
        header = find_header(rows)
        if header is not None and (best is None or header.score > best.header.score):
            best = Sheet(rows, header, encoding, delimiter, findings=notes)
    if best is None:
        raise _no_header()
    return best


def _decoded(content: bytes) -> tuple[str, str, list[Finding]]:
    """Decode by byte-order mark, else strict UTF-8, else GB18030.

    A file of two encodings is read as UTF-8 with marks in place of what cannot be read, so that
    its rows can be told apart; nothing is guessed cell by cell.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _strictly(content, encoding), encoding, []
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(content):
        return content.decode("utf-8", "replace"), "utf-8", [finding("mixed_encoding")]
    return _strictly(content, "gb18030"), "gb18030", []


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise ImportRefused(
            _("The letters of this file cannot be read. Save it as .xlsx and send that.")
        ) from problem


def _is_mostly_utf8(content: bytes) -> bool:
    foreign = [line for line in content.split(b"\n") if not line.isascii()]
    return sum(_is_utf8(line) for line in foreign) * 2 > len(foreign)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(text: str, delimiter: str) -> list[list[Cell]]:
    return [
        list(row)
        for row in _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    ]


def _limited(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise ImportRefused(
                _("A cell of this file is too long, or a quotation mark is not closed.")
            ) from problem
        number += 1
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise _too_large()
        yield row


def _damaged() -> ImportRefused:
    return ImportRefused(
        _("This file is damaged. Open it in Excel, save it anew and send it again.")
    )


def _too_large() -> ImportRefused:
    return ImportRefused(
        _("This list is larger than 20,000 rows or 100 columns. Send it in parts.")
    )


def _no_header() -> ImportRefused:
    return ImportRefused(
        _(
            "No row names the columns. One row must say Name (姓名) and, for example, Title (职务) "
            "or E-mail (邮箱). The template shows how."
        )
    )
