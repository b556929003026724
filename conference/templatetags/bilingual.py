"""Template filters and tags for texts in two languages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conference.bilingual import HTML_LANGUAGES, other, other_suffix, pick, pick_with_suffix

register = template.Library()


@register.filter
def text(obj: Any, field: str) -> str:
    """Show ``obj``'s text in the reader's language: ``{{ session|text:"title" }}``."""
    return pick(obj, field, get_language()) if obj else ""


@register.filter
def other_text(obj: Any, field: str) -> str:
    """Show the text in the other language, or nothing where there is no second one."""
    return other(obj, field, get_language()) if obj else ""


@register.filter
def text_lang(obj: Any, field: str) -> str:
    """Tell the language of what ``text`` shows: ``<p lang="{{ fact|text_lang:"text" }}">``."""
    _, suffix = pick_with_suffix(obj, field, get_language())
    return HTML_LANGUAGES[suffix]


@register.filter
def other_lang(obj: Any, field: str) -> str:
    """Tell the language of what ``other_text`` shows."""
    return HTML_LANGUAGES[other_suffix(obj, field, get_language())]


@register.simple_tag
def both(obj: Any, field: str, layout: str = "") -> SafeString:
    """Show a name with the other script beside it, smaller: ``{% both delegation "name" %}``.

    ``layout="stacked"`` puts the other script below.
    """
    shown, suffix = pick_with_suffix(obj, field, get_language())
    beside = other(obj, field, get_language())
    return _names(shown, HTML_LANGUAGES[suffix], beside, _facing(suffix), layout)


@register.simple_tag
def person(someone: Any, layout: str = "") -> SafeString:
    """Show a person's chosen name with the other script beside it: ``{% person delegate %}``.

    ``someone`` has ``display_name`` and ``other_name``, as a delegate has.
    """
    shown, beside = str(someone.display_name), str(someone.other_name or "")
    return _names(shown, _script_of(shown), beside, _script_of(beside), layout)


def _facing(suffix: str) -> str:
    return HTML_LANGUAGES["en" if suffix == "zh" else "zh"]


def _script_of(name: str) -> str:
    """Return ``zh-Hans`` for a name with Han characters, else no language at all."""
    return "zh-Hans" if any(letter >= "㐀" for letter in name) else ""


def _names(shown: str, lang: str, beside: str, other_lang: str, layout: str) -> SafeString:
    main = format_html(
        '<span class="names__main"{}>{}</span>',
        format_html(' lang="{}"', lang) if lang else "",
        shown,
    )
    second = (
        format_html(
            ' <span class="names__other"{}>{}</span>',
            format_html(' lang="{}"', other_lang) if other_lang else "",
            beside,
        )
        if beside
        else ""
    )
    css = "names names--stacked" if layout == "stacked" else "names"
    return format_html('<span class="{}">{}{}</span>', css, main, second)
