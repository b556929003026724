"""Texts in two languages."""

from types import SimpleNamespace

import pytest

from conference.bilingual import other, pick, suffix_for

BOTH = SimpleNamespace(name_en="Suzhou", name_zh="苏州")


@pytest.mark.parametrize(
    ("language", "suffix"),
    [("en", "en"), ("en-gb", "en"), ("zh-hans", "zh"), ("zh-Hans-CN", "zh"), ("fr", "en")],
)
def test_a_language_reads_its_own_half(language, suffix):
    assert suffix_for(language) == suffix


def test_no_active_language_reads_english():
    assert pick(BOTH, "name", None) == "Suzhou"


def test_each_language_gets_its_text_and_the_other_beside_it():
    assert (pick(BOTH, "name", "en"), other(BOTH, "name", "en")) == ("Suzhou", "苏州")
    assert (pick(BOTH, "name", "zh-hans"), other(BOTH, "name", "zh-hans")) == ("苏州", "Suzhou")


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_text_falls_back_to_the_other_language(blank):
    place = SimpleNamespace(name_en="Mishan", name_zh=blank)

    assert pick(place, "name", "zh-hans") == "Mishan"
    assert other(place, "name", "zh-hans") == ""


def test_the_same_text_in_both_languages_is_not_said_twice():
    place = SimpleNamespace(name_en="UNESCO", name_zh="UNESCO")

    assert other(place, "name", "en") == ""


def test_a_mapping_serves_as_well_as_a_model():
    assert pick({"name_en": "", "name_zh": "苏州"}, "name", "en") == "苏州"


def test_nothing_in_either_language_is_an_empty_string():
    assert pick({}, "name", "en") == ""
