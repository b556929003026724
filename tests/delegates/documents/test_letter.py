import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.documents.placeholders import unknown_in
from conference.models import Campaign
from delegates.documents import letter

FACTS = {"addressee": "Ms. Lee", "conference": "Conference"}


def test_known_names_in_braces_are_replaced():
    assert letter.fill("Dear { addressee }, {conference}", FACTS) == "Dear Ms. Lee, Conference"


@pytest.mark.parametrize(
    "hostile",
    [
        "{conference.series}",
        "{conference.__class__.__init__.__globals__}",
        "{0}",
        "{}",
        "{addressee!r}",
        "{addressee:>99999999}",
        "{{addressee}}",
        "{settings.SECRET_KEY}",
        "%(conference)s",
        "{% debug %}",
        "{{ conference.pk }}",
    ],
)
def test_nothing_but_the_listed_names_means_anything(hostile):
    filled = letter.fill(hostile, FACTS)
    assert filled.replace("Ms. Lee", "{addressee}") == hostile


def test_unknown_names_are_told_in_order_and_once():
    text = "{foo} {link} {conference.pk} {foo} {}"
    assert unknown_in(text, letter.PLACEHOLDERS) == ["foo", "conference.pk", ""]


def test_a_value_is_not_read_for_placeholders():
    assert letter.fill("{addressee}", {"addressee": "{link} {conference}"}) == "{link} {conference}"


@given(st.text(), st.dictionaries(st.sampled_from(["addressee", "link"]), st.text()))
def test_filling_never_fails(text, facts):
    assert isinstance(letter.fill(text, facts), str)
    letter.paragraphs_of(text, facts)


@given(st.text(alphabet="{}.a_!:[]%linkcofer ", max_size=80))
def test_filling_adds_nothing_that_was_not_given(text):
    secret = "s3cr3t"
    assert (secret in letter.fill(text, {"link": secret})) == letter.has_link(text)


def test_a_link_alone_is_a_button_and_within_a_line_it_is_not():
    alone, within = letter.paragraphs_of("{link}\n\nOpen {link} now.", FACTS)
    assert alone.is_button
    assert not within.is_button
    assert [piece.is_link for piece in within.lines[0]] == [False, True, False]


def test_lines_of_a_paragraph_stay_lines():
    (paragraph,) = letter.paragraphs_of("With respect,\r\nThe committee\r\n", FACTS)
    assert len(paragraph.lines) == 2


@pytest.mark.parametrize(
    ("texts", "wanted", "spoken"),
    [
        (
            {"subject_en": "a", "body_en": "b", "subject_zh": "甲", "body_zh": "乙"},
            "zh-hans",
            "zh-hans",
        ),
        ({"subject_en": "a", "body_en": "b", "subject_zh": "甲", "body_zh": ""}, "zh-hans", "en"),
        ({"subject_zh": "甲", "body_zh": "乙"}, "en", "zh-hans"),
    ],
)
def test_a_letter_is_never_half_in_each_language(texts, wanted, spoken):
    assert letter.language_of(Campaign(**texts), wanted) == spoken
