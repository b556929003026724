"""The template tags: two languages, venue time, states, icons, forms."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

CITY = SimpleNamespace(name_en="Xi'an", name_zh="西安市", timezone="Asia/Shanghai")
OPENING = datetime(2023, 11, 3, 1, 30, tzinfo=UTC)


def shown(source: str, language: str = "en", **context: object) -> str:
    loads = "{% load bilingual look venue_time %}"
    with translation.override(language):
        return Template(loads + source).render(Context(context))


def test_a_name_stands_with_the_other_script_beside_it():
    assert shown('{% both city "name" %}', city=CITY) == (
        '<span class="names"><span class="names__main" lang="en">Xi&#x27;an</span>'
        ' <span class="names__other" lang="zh-Hans">西安市</span></span>'
    )


def test_a_name_in_one_language_stands_alone_and_keeps_its_language():
    place = SimpleNamespace(name_en="Mishan", name_zh="")

    assert shown('{% both place "name" "stacked" %}', "zh-hans", place=place) == (
        '<span class="names names--stacked">'
        '<span class="names__main" lang="en">Mishan</span></span>'
    )


def test_text_filters_follow_the_reader():
    source = '{{ city|text:"name" }}|{{ city|other_text:"name" }}|{{ city|text_lang:"name" }}'

    assert shown(source, "zh-hans", city=CITY) == "西安市|Xi&#x27;an|zh-Hans"


def test_text_of_nothing_is_nothing():
    assert shown('{{ nothing|text:"name" }}{{ nothing|other_text:"name" }}') == ""


def test_a_person_is_named_as_chosen_and_never_as_markup():
    person = SimpleNamespace(display_name="<b>Ann</b> O'Neil", other_name="欧阳安")

    assert shown("{% person p %}", p=person) == (
        '<span class="names"><span class="names__main">&lt;b&gt;Ann&lt;/b&gt; O&#x27;Neil</span>'
        ' <span class="names__other" lang="zh-Hans">欧阳安</span></span>'
    )


@pytest.mark.parametrize(
    ("form", "words"),
    [("moment", "Fri 3 Nov 2023, 09:30"), ("date", "Fri 3 Nov 2023"), ("clock", "09:30")],
)
def test_a_moment_is_a_time_element_in_venue_time(form, words):
    assert shown("{% when t city form %}", t=OPENING, city=CITY, form=form) == (
        f'<time datetime="2023-11-03T09:30+08:00" data-form="{form}">{words}</time>'
    )


def test_no_moment_is_nothing():
    assert shown("{% when t city %}{{ t|venue_moment:city }}{{ t|day }}", t=None, city=CITY) == ""


def test_a_span_of_clocks_leaves_the_day_out():
    end = datetime(2023, 11, 3, 2, 30, tzinfo=UTC)

    assert shown('{% span a b city "clock" %}', a=OPENING, b=end, city=CITY) == (
        '<time datetime="2023-11-03T09:30+08:00" data-until="2023-11-03T10:30+08:00"'
        ' data-form="clock">09:30–10:30</time>'
    )


def test_days_and_zone_are_written_in_the_readers_language():
    source = "{% days d d %} {% zone_name city %}"

    assert shown(source, "zh-hans", d=date(2023, 11, 3), city=CITY) == (
        "2023年11月3日 星期五 北京时间"
    )


@pytest.mark.parametrize(
    ("language", "words"), [("en", " (China time)"), ("zh-hans", "（北京时间）")]
)
def test_the_zone_stands_behind_a_time_in_the_brackets_of_the_language(language, words):
    assert shown("{% zone_note city %}", language, city=CITY) == words


@pytest.mark.parametrize(
    ("code", "tone"),
    [
        ("approved", "good"),
        ("submitted", "waiting"),
        ("uncertain", "warn"),
        ("refused", "bad"),
        ("nominated", "info"),
        ("withdrawn", "closed"),
        ("never heard of", "neutral"),
    ],
)
def test_a_state_is_a_word_with_the_shape_and_colour_of_its_code(code, tone):
    assert shown('{% state_chip code "held for review" %}', code=code) == (
        f'<span class="state state--{tone}"><svg class="icon" aria-hidden="true">'
        f'<use href="/static/vendor/icons/icons.svg#state-{tone}"></use></svg>'
        "Held for review</span>"
    )


def test_an_icon_with_a_label_speaks():
    assert shown('{% icon "mail" "E-mail" %}') == (
        '<svg class="icon" role="img" aria-label="E-mail">'
        '<use href="/static/vendor/icons/icons.svg#mail"></use></svg>'
    )


def test_pages_of_a_list_keep_the_filters_and_mark_the_page():
    request = RequestFactory().get("/", {"state": "sent", "page": "4"})
    html = render_to_string(
        "_pagination.html", {"page": Paginator(range(200), 20).page(4)}, request
    )

    assert '<span class="page-number" aria-current="page">4</span>' in html
    assert 'href="?state=sent&amp;page=5"' in html


def test_a_list_of_one_page_shows_no_pages():
    page = Paginator(range(3), 20).page(1)

    assert render_to_string("_pagination.html", {"page": page}).strip() == ""


class Nomination(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Several may share one.")
    note = forms.CharField(label="Note", required=False)
    consent = forms.BooleanField(label="Consents", required=False)
    order = forms.ChoiceField(label="Order", choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_wrong_field_keeps_what_was_typed_and_ties_the_error_to_the_control():
    html = str(Nomination({"email": "not an address", "order": "a"})["email"].as_field_group())

    assert 'value="not an address"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html


def test_optional_fields_are_marked_and_required_ones_are_not():
    form = Nomination()

    assert "(optional)" in str(form["note"].as_field_group())
    assert "(optional)" not in str(form["email"].as_field_group())


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = str(Nomination()["order"].as_field_group())

    assert html.startswith('<fieldset class="field">')
    assert "<legend>Order</legend>" in html


def test_a_form_draws_all_its_fields_and_its_own_errors():
    form = Nomination({})
    form.add_error(None, "The list is closed.")
    html = str(form)

    assert html.count('class="field') > len(form.fields)
    assert '<div class="note note--bad" role="alert">' in html
    assert "The list is closed." in html
