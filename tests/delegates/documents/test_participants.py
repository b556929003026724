"""Lists as spreadsheets: they come back through the importer as they went."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conference.models import Conference
from delegates.documents import participants
from delegates.models import Delegate, Delegation, ImportRow, Locality
from delegates.operations import nominating
from delegates.operations.importing import batches, cells, files, reading
from delegates.operations.importing.parties import Parties
from delegates.operations.precedence import in_precedence


def exported(conference, write):
    people = in_precedence(Delegate.objects.filter(conference=conference))
    return write(people.select_related("conference", "delegation", "accreditation"))


def load(conference, content, now):
    return batches.load_file(
        conference=conference, delegation=None, file_name="x", content=content, now=now
    )


@pytest.mark.parametrize("write", [participants.list_as_csv, participants.list_as_xlsx])
def test_an_exported_list_comes_back_with_nothing_new(write, conference, california, jiangsu, now):
    for delegation, fields in (
        (california, {"family_name": "O’Neil", "given_name": "Ann", "phone": "+1 916 555 0100"}),
        (california, {"family_name": "O’Neil", "given_name": "Ann", "title_en": "=SUM(A1)"}),
        (
            jiangsu,
            {
                "native_name": "李𬭎",
                "title_zh": "主任",
                "language": "zh-hans",
                "vip": True,
                "rank": 3,
            },
        ),
    ):
        nominating.add_member(delegation=delegation, fields=fields, now=now)
    Delegate.objects.filter(phone="+1 916 555 0100").update(phone_e164="+19165550100")
    batch = load(conference, exported(conference, write), now)
    assert [row.action for row in batch.rows.all()] == [ImportRow.Action.UNCHANGED] * 3, [
        (row.values["changes"], row.findings) for row in batch.rows.all()
    ]


def test_no_cell_of_a_csv_is_a_formula(conference, california, now):
    nominating.add_member(
        delegation=california,
        fields={"family_name": "Lee", "title_en": "=cmd|'/C calc'!A0", "phone": "+1 916"},
        now=now,
    )
    text = exported(conference, participants.list_as_csv).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_workbook_holds_text_only(conference, california, now):
    nominating.add_member(
        delegation=california,
        fields={"family_name": "Lee", "title_en": "=1+1", "diet": "no\x0bnuts", "phone": "0100"},
        now=now,
    )
    content = exported(conference, participants.list_as_xlsx)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}


def test_the_template_is_read_back_without_its_example(conference, california, now):
    book = openpyxl.load_workbook(io.BytesIO(participants.blank_list(conference)))
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(3, headers.index("Delegation 代表团") + 1, "California")
    sheet.cell(3, headers.index("Family name 姓") + 1, "Lee")
    sheet.cell(3, headers.index("Phone 手机") + 1, "0100")
    content = io.BytesIO()
    book.save(content)
    batch = load(conference, content.getvalue(), now)
    assert [(row.number, row.action) for row in batch.rows.all()] == [(2, "skip"), (3, "create")]
    assert set(batch.columns["mapped"]) == set(headers)


letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
texts = st.text(letters, max_size=20).map(lambda text: cells.one_line(cells.fold(text)))
names = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll")), min_size=2, max_size=20)


@settings(max_examples=300, deadline=None)
@given(family=names, title=texts, diet=texts)
def test_any_text_survives_the_way_out_and_back(family, title, diet):
    family = cells.fold(family)
    assume(family)
    # A cell that says “as above”, “none” or shows an error is not a text.
    for text in (title, diet):
        assume(not cells.is_ditto(text) and not cells.is_nothing(text))
        assume(not text.startswith("#"))
    conference = Conference(timezone="Asia/Shanghai", first_day=date(2023, 11, 3))
    place = Locality(name_en="California", country="US")
    delegation = Delegation(pk=1, name_en="California", conference=conference, locality=place)
    person = Delegate(
        conference=conference,
        delegation=delegation,
        family_name=family,
        title_en=title,
        diet=diet,
    )
    sheet = files.open_table(participants.list_as_csv([person]))
    parties = Parties({"california": (delegation,)}, {1: delegation})
    (row,) = reading.read_rows(sheet, conference=conference, parties=parties, chosen=None)
    read = [row.values.get(name, "") for name in ("family_name", "title_en", "diet")]
    assert read == [family, title, diet]
