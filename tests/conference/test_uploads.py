"""Uploaded files: known by what they are, named so that every machine can keep them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.documents import uploads
from tests.support.files import JPEG, PDF, PNG, office_file


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (JPEG, "jpg"),
        (PNG, "png"),
        (office_file("word/document.xml"), "docx"),
        (office_file("xl/workbook.xml"), "xlsx"),
        (office_file("ppt/presentation.xml"), "pptx"),
    ],
)
def test_a_file_is_known_by_what_it_is(content, ending):
    found = uploads.type_of(content)
    assert found is not None
    assert found.ending == ending


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"GIF89a",
        PNG[:-1],
        b"junk" + PDF,
        office_file(),
        office_file("word/document.xml")[:-10],
        office_file("word/document.xml", "word/vbaProject.bin"),
        office_file("xl/workbook.xml", "xl/VBAPROJECT.BIN"),
        b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_what_is_cut_off_carries_macros_or_is_something_else_is_not_known(content):
    assert uploads.type_of(content) is None


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("map.pdf", "map.pdf"),
        ("苏州会场图（最终版）.PDF", "苏州会场图（最终版）.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\li\日程 安排.docx", "日程 安排.pdf"),
        ("plan\r\nBcc: x@y.example.pdf", "plan Bcc x@y.example.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("report.v2.2023.pdf", "report.v2.2023.pdf"),
        ("第1.2版", "第1.2版.pdf"),
        ("CON.pdf", "_CON.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ('a<b>:"|?*.pdf', "ab.pdf"),
    ],
)
def test_a_name_keeps_its_words_and_loses_what_is_dangerous(given_name, name):
    assert uploads.safe_name(given_name, "pdf") == name


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_can_be_kept(text):
    name = uploads.safe_name(text, "pdf")
    assert name.endswith(".pdf")
    assert len(name) > len(".pdf")
    assert len(name.encode()) <= 200
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert not name.startswith((".", " "))
    assert uploads.safe_name(name, "pdf") == name
