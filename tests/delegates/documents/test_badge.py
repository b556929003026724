"""What is drawn on a badge, and that it can be read."""

import os
import shutil
import subprocess

import pytest

from conference.documents import pdf, qr
from delegates.documents.badge import BadgeFace, badge_sheet, names_on_badge, undrawable_in_name
from delegates.models import Delegate
from delegates.operations import accrediting, badging, nominating


def text_of(document, tmp_path):
    if shutil.which("pdftotext") is None:
        assert os.environ.get("CI") != "true", "CI must have poppler-utils"
        pytest.skip("the words on the badge are read with poppler-utils")
    path = tmp_path / "badges.pdf"
    path.write_bytes(document)
    read = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return read.stdout


@pytest.fixture
def approved(california, now):
    member = nominating.add_member(
        delegation=california,
        fields={
            "given_name": "Maximiliano-Alexander",
            "family_name": "Featherstonehaugh",
            "native_name": "费瑟斯通豪",
            "title_en": "Mayor",
            "title_zh": "市长",
        },
        now=now,
    )
    nominating.submit_member(delegate=member, now=now)
    accrediting.approve(delegate=member, now=now)
    return member


def test_a_badge_tells_who_whose_and_which_class_in_both_scripts(approved, conference, tmp_path):
    words = text_of(badging.draw_badges(badging.valid_badges(conference)), tmp_path)
    for expected in (
        "Featherstonehaugh",
        "费瑟斯通豪",
        "California",
        "加利福尼亚州",
        "Delegate",
        "代表",
    ):
        assert expected in words


def test_each_badge_has_a_page(approved, conference):
    badge = badging.valid_badge_of(approved)
    face = BadgeFace.of(badge, badging.badge_code_text(badge))
    assert badge_sheet([face, face]).count(b"/Type /Page\n") in (0, 2)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"given_name": "Ann", "family_name": "Lee"}, ("Ann Lee", "")),
        ({"given_name": "Wei", "family_name": "Wang", "native_name": "王伟"}, ("Wei Wang", "王伟")),
        (
            {"family_name": "Wang", "native_name": "王伟", "language": "zh-hans"},
            ("王伟", "Wang"),
        ),
        ({"native_name": "王伟"}, ("王伟", "")),
        ({"family_name": "Li", "native_name": "李𠮷"}, ("Li", "")),
        ({"native_name": "李𠮷"}, ("李〓", "")),
        ({"native_name": "李𬭎", "language": "zh-hans"}, ("李𬭎", "")),
        ({"badge_name": "Bo", "family_name": "Park"}, ("Bo", "")),
    ],
)
def test_the_names_on_a_badge_fall_back_to_what_can_be_drawn(fields, names):
    assert names_on_badge(Delegate(**fields)) == names


def test_an_undrawable_character_is_told():
    assert undrawable_in_name(Delegate(native_name="李𠮷㛃")) == "𠮷"


@pytest.mark.parametrize(("colour", "ink"), [("#ffffff", "#000000"), ("#14532d", "#ffffff")])
def test_the_class_is_written_in_the_colour_that_reads_best(colour, ink, approved):
    badge = badging.valid_badge_of(approved)
    badge.badge_class.colour = colour
    assert BadgeFace.of(badge, "C1:X").ink == ink


def test_hostile_text_is_drawn_as_text(approved, conference, tmp_path):
    Delegate.objects.filter(pk=approved.pk).update(
        family_name='#panic("x") $1$ *b* \\ "', given_name="<b>", native_name=""
    )
    words = text_of(badging.draw_badges(badging.valid_badges(conference)), tmp_path)
    assert "#panic" in words


def test_a_page_of_its_own_draws_the_code_without_style():
    drawing = qr.qr_svg_inline("C1:" + "A" * 132, label='Code "of" <b>')
    assert drawing.startswith('<svg class="qr" viewBox="0 0 49 49"')
    assert "style" not in drawing
    assert 'aria-label="Code &quot;of&quot; &lt;b&gt;"' in drawing


def test_the_code_has_its_quiet_zone():
    assert b'width="49" height="49"' in qr.qr_svg_file("C1:" + "A" * 132)


def test_common_text_can_be_drawn():
    assert pdf.undrawable("Núñez 欧阳㛃𬭎") == ""
