"""Names are compared as people type them."""

import pytest

from checkin.operations.folding_names import folded, searchable


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Muñoz", "munoz"),
        ("ＺＨＡＮＧ　Ｗｅｉ", "zhang wei"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Anne–Marie", "anne marie"),
        ("Anne-Marie", "anne marie"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("İbrahim Işık", "ibrahim isik"),
        ("阿卜杜拉·买买提", "阿卜杜拉 买买提"),
        ("﨑", "﨑"),
        ("100%_a", "100%_a"),
        ("  - ", ""),
    ],
)
def test_a_name_is_folded(written, compared):
    assert folded(written) == compared
    assert folded(compared) == compared


def test_names_stand_apart_and_in_one_word():
    text = searchable(family="Zhang", given="Xiao-Ming", others=("张 小明", ""))
    assert text == " zhang xiao ming xiaoming 张 小明 张小明 zhangxiaoming xiaomingzhang "
