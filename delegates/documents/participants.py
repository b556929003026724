"""Lists of delegates as spreadsheets: for reading elsewhere, and for coming back by the importer.

Every cell is text, so that no phone becomes a number; what a spreadsheet would take for a formula
gets an apostrophe in CSV, which the importer takes away again.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from conference.models import Conference
from delegates.models import Delegate

Column = tuple[str, Callable[[Delegate], str], int]

EXAMPLE_ID = "EXAMPLE 示例"
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_ROLES = ("head", "deputy", "member", "adviser", "spouse", "assistant", "interpreter", "staff")
_EXAMPLE: dict[str, str] = {
    "id": EXAMPLE_ID,
    "delegation": "California 加利福尼亚州",
    "family_name": "Example",
    "given_name": "Pat",
    "native_name": "示例",
    "title_en": "Mayor",
    "title_zh": "市长",
    "role": "head",
    "email": "pat@example.org",
    "phone": "+1 916 555 0100",
}
_BLANK_ROWS = 300


def _moment(delegate: Delegate, name: str) -> str:
    moment = getattr(delegate, name)
    return f"{moment.astimezone(delegate.conference.zone):%Y-%m-%d %H:%M}" if moment else ""


def _yes(*, answer: bool) -> str:
    return "yes" if answer else "no"


# Bilingual headers that the importer knows; the width is in characters.
_COLUMNS: dict[str, Column] = {
    "id": ("ID 人员编号", lambda person: str(person.uid), 14),
    "delegation": (
        "Delegation 代表团",
        lambda person: person.delegation.name_en or person.delegation.name_zh,
        24,
    ),
    "role": ("Role 身份", lambda person: person.role, 12),
    "honorific": ("Honorific 称谓", lambda person: person.honorific, 12),
    "family_name": ("Family name 姓", lambda person: person.family_name, 18),
    "given_name": ("Given name 名", lambda person: person.given_name, 18),
    "suffix": ("Suffix 后缀", lambda person: person.suffix, 8),
    "native_name": ("Chinese name 中文姓名", lambda person: person.native_name, 18),
    "badge_name": ("Name on badge 胸卡姓名", lambda person: person.badge_name, 18),
    "title_en": ("Title in English 英文职务", lambda person: person.title_en, 30),
    "title_zh": ("Title in Chinese 中文职务", lambda person: person.title_zh, 24),
    "organisation_en": (
        "Organisation in English 英文单位",
        lambda person: person.organisation_en,
        28,
    ),
    "organisation_zh": (
        "Organisation in Chinese 中文单位",
        lambda person: person.organisation_zh,
        24,
    ),
    "rank": (
        "Rank 礼宾顺序",
        lambda person: "" if person.rank is None else str(person.rank),
        8,
    ),
    "vip": ("VIP 贵宾", lambda person: _yes(answer=person.vip), 8),
    "email": ("E-mail 邮箱", lambda person: person.email, 26),
    "phone": ("Phone 手机", lambda person: person.phone, 20),
    "language": ("Language 语言", lambda person: person.language, 10),
    "needs_interpreter": (
        "Needs interpreter 需要翻译",
        lambda person: _yes(answer=person.needs_interpreter),
        12,
    ),
    "diet": ("Diet 饮食", lambda person: person.diet, 18),
    "access_needs": ("Access needs 无障碍需求", lambda person: person.access_needs, 22),
    "arrival": ("Arrival 抵达时间", lambda person: _moment(person, "arrival_at"), 18),
    "arrival_by": ("Arrival flight 抵达航班", lambda person: person.arrival_by, 16),
    "departure": ("Departure 返程时间", lambda person: _moment(person, "departure_at"), 18),
    "departure_by": ("Departure flight 返程航班", lambda person: person.departure_by, 16),
    "photo_consent": (
        "Photo consent 同意拍照",
        lambda person: _yes(answer=person.photo_consent),
        12,
    ),
}
_STATE = ("Accreditation state 认证状态", 16)


def list_as_csv(people: Iterable[Delegate]) -> bytes:
    """Return the list as CSV: UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([header for header, _value, _width in _COLUMNS.values()] + [_STATE[0]])
    for person in people:
        writer.writerow([guarded(cell) for cell in _cells(person)])
    return text.getvalue().encode("utf-8-sig")


def list_as_xlsx(people: Iterable[Delegate]) -> bytes:
    """Return the list as an .xlsx workbook of text cells."""
    book, sheet = _book()
    sheet.cell(1, len(_COLUMNS) + 1, _STATE[0])
    for number, person in enumerate(people, start=2):
        _write_row(sheet, number, _cells(person))
    _dress(sheet, rows=sheet.max_row)
    return _saved(book)


def blank_list(conference: Conference) -> bytes:
    """Return the template that a delegation fills in, with one example row."""
    book, sheet = _book()
    _write_row(sheet, 2, [_EXAMPLE.get(name, "") for name in _COLUMNS])
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="808080")
    for row in range(3, _BLANK_ROWS + 3):
        for column in range(1, len(_COLUMNS) + 1):
            sheet.cell(row, column).number_format = "@"
    names = list(_COLUMNS)
    roles = DataValidation("list", formula1=f'"{",".join(_ROLES)}"', allow_blank=True)
    answers = DataValidation("list", formula1='"yes,no"', allow_blank=True)
    for name, validation in (
        ("role", roles),
        ("vip", answers),
        ("needs_interpreter", answers),
        ("photo_consent", answers),
    ):
        letter = get_column_letter(names.index(name) + 1)
        validation.add(f"{letter}3:{letter}{_BLANK_ROWS + 2}")
    sheet.add_data_validation(roles)
    sheet.add_data_validation(answers)
    sheet.column_dimensions["A"].hidden = True
    _dress(sheet, rows=2)
    book.properties.title = str(conference)
    return _saved(book)


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_LIKE) else text


def _cells(person: Delegate) -> list[str]:
    cells = [value(person) for _header, value, _width in _COLUMNS.values()]
    accreditation = getattr(person, "accreditation", None)
    return [*cells, accreditation.state if accreditation else "nominated"]


def _book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Delegates"
    _write_row(sheet, 1, [header for header, _value, _width in _COLUMNS.values()])
    return book, sheet


def _write_row(sheet: Worksheet, number: int, cells: Sequence[str]) -> None:
    for column, text in enumerate(cells, start=1):
        cell = sheet.cell(number, column)
        if text:
            # Control characters, typed or pasted, have no place in a workbook.
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            # By hand: openpyxl would make a formula of a leading "=".
            cell.data_type = "s"
        cell.number_format = "@"


def _dress(sheet: Worksheet, *, rows: int) -> None:
    for column, (_header, _value, width) in enumerate(_COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.column_dimensions[get_column_letter(len(_COLUMNS) + 1)].width = _STATE[1]
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0C4A3C")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{max(rows, 2)}"


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
