"""Looking people up at the desk: as they are typed, in either script, the likeliest first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delegates.operations import badging
from tests.checkin.conftest import lookup_of, make_delegation, make_person


@pytest.fixture
def found(desk_phone):
    """Who is found, by name."""

    def ask(q):
        answer = desk_phone.get("search/", {"q": q})
        assert answer.status_code == 200, answer.content
        return [row["name"] for row in answer.json()["results"]]

    return ask


def add(delegation, given, family, native="", **fields):
    return make_person(
        delegation, given_name=given, family_name=family, native_name=native, **fields
    )


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("munoz", "José Muñoz"),
        ("MUÑOZ jose", "José Muñoz"),
        ("Ｍｕｎｏｚ", "José Muñoz"),
        ("obrien", "Mary O’Brien"),
        ("o'brien", "Mary O’Brien"),
        ("o’brien mary", "Mary O’Brien"),
        ("xiao ming", "Xiaoming Wang"),
        ("xiaohong", "Xiao-Hong Li"),
        ("xiao-hong", "Xiao-Hong Li"),
        ("lixiaohong", "Xiao-Hong Li"),
        ("红", "Xiao-Hong Li"),
        ("李晓红", "Xiao-Hong Li"),
        ("晓红 li", "Xiao-Hong Li"),
        ("bobby", "Bobby"),
        ("smith robert", "Bobby"),
    ],
)
def test_people_are_found_as_they_are_typed(found, delegation, q, name):
    add(delegation, "José", "Muñoz")
    add(delegation, "Mary", "O’Brien")
    add(delegation, "Xiaoming", "Wang")
    add(delegation, "Xiao-Hong", "Li", "李晓红")
    add(delegation, "Robert", "Smith", badge_name="Bobby")
    assert found(q) == [name]


@pytest.mark.parametrize("q", ["%%", "__", "z%g", "z_ang", "--", "''", "\\\\", "张%"])
def test_signs_mean_themselves(found, person, q):
    assert found(q) == []


def test_whole_words_come_before_beginnings_and_these_before_middles(found, delegation):
    for given, family in (("A", "Hanson"), ("B", "Johan"), ("C", "Han"), ("D", "Hanks")):
        add(delegation, given, family)
    assert found("han") == ["C Han", "D Hanks", "A Hanson", "B Johan"]


@pytest.mark.parametrize("q", ["", " ", "z", " z ", "x" * 81, "zh\0ang", "é"])
def test_a_question_must_be_one_that_can_be_asked(desk_phone, q):
    answer = desk_phone.get("search/", {"q": q})
    assert (answer.status_code, answer.json()["code"]) == (400, "envelope_invalid")


@pytest.mark.parametrize("q", ["张", "𠮷", "〇", "x" * 80, "zh"])
def test_one_chinese_character_is_enough(desk_phone, q):
    assert desk_phone.get("search/", {"q": q}).status_code == 200


def test_no_question_at_all_cannot_be_answered(desk_phone):
    assert desk_phone.get("search/").status_code == 400


def test_what_changes_is_found_at_once(found, delegation, person, now):
    assert found("zhang") == ["Wei Zhang"]
    person.family_name = "Zhao"
    person.save()
    assert (found("zhang"), found("zhao")) == ([], ["Wei Zhao"])
    add(delegation, "Lan", "Zhao")
    assert found("zhao") == ["Lan Zhao", "Wei Zhao"]
    badging.revoke_badge(delegate=person, reason="left", now=now)
    assert found("zhao") == ["Lan Zhao"]


def test_the_lookup_is_that_of_the_valid_issue(desk_phone, person, now):
    desk_phone.get("search/", {"q": "zhang"})
    badging.replace_badge(delegate=person, reason="lost", now=now)
    (row,) = desk_phone.get("search/", {"q": "zhang"}).json()["results"]
    assert row["lookup"] == lookup_of(person)


def test_deleted_persons_are_found_no_more(found, person):
    assert found("zhang") == ["Wei Zhang"]
    person.delete()
    assert found("zhang") == []


def test_each_conference_finds_its_own(found, person, other_conference):
    add(make_delegation(other_conference, "Portland", "波特兰市"), "Ann", "Zhang")
    assert found("zhang") == ["Wei Zhang"]


def test_a_search_costs_the_same_for_one_and_for_three(desk_phone, delegation, person):
    def queries():
        desk_phone.get("search/", {"q": "zhang"})
        with CaptureQueriesContext(connection) as captured:
            desk_phone.get("search/", {"q": "zhang"})
        return len(captured)

    with_one = queries()
    for number in range(2):
        add(delegation, f"Wei {number}", "Zhang")
    assert queries() == with_one
