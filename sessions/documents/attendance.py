"""Who has a seat in a session, or waits for one: as rows for a spreadsheet."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from conference.venue_time import written_moment
from sessions.models import Enrolment, Session

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins with one of these is a formula to a spreadsheet program.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def attendance_rows(session: Session, language: str) -> Iterable[list[str]]:
    """Yield the head and a row for each delegate: those with a seat first, then who waits."""
    yield [
        _("State"),
        _("Name"),
        _("Name in own script"),
        pgettext("person", "Title in English"),
        pgettext("person", "Title in Chinese"),
        _("Delegation in English"),
        _("Delegation in Chinese"),
        _("Since"),
    ]
    zone = session.conference.zone
    for enrolment in in_order(session):
        delegate = enrolment.delegate
        yield [
            str(enrolment.get_state_display()),
            delegate.latin_name or delegate.display_name,
            delegate.native_name,
            delegate.title_en,
            delegate.title_zh,
            delegate.delegation.name_en,
            delegate.delegation.name_zh,
            written_moment(enrolment.created_at, zone, language),
        ]


def in_order(session: Session) -> list[Enrolment]:
    """Return the enrolments, seats before waiting list, the longest there first."""
    enrolments = session.enrolments.select_related("delegate__delegation")
    return list(enrolments.order_by("state", "created_at", "pk"))


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """Return the rows as CSV that spreadsheet programs read as UTF-8, formulas made harmless."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    """Return the rows as a workbook in which every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            # Control characters, typed or pasted, have no place in a workbook.
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    written = BytesIO()
    book.save(written)
    return written.getvalue()
