"""Texts held in two languages: which one to show, and what the other says."""

from typing import Any

#: How the two halves of a bilingual field are named, and what HTML calls their language.
SUFFIXES = ("en", "zh")
HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def suffix_for(language: str | None) -> str:
    """Return the field suffix of a language code: ``zh-hans`` reads ``_zh``, all others ``_en``."""
    return "zh" if (language or "").lower().startswith("zh") else "en"


def pick(obj: Any, field: str, language: str | None) -> str:
    """Return ``obj``'s text in ``language``, or the other language's where that one is blank.

    ``obj`` is a model instance or a mapping with ``<field>_en`` and ``<field>_zh``. The answer is
    empty only where both are.
    """
    text, _ = pick_with_suffix(obj, field, language)
    return text


def pick_with_suffix(obj: Any, field: str, language: str | None) -> tuple[str, str]:
    """Return the text to show and the suffix of the language that it turned out to be in."""
    wanted = suffix_for(language)
    for suffix in (wanted, _opposite(wanted)):
        if text := _half(obj, field, suffix):
            return text, suffix
    return "", wanted


def other(obj: Any, field: str, language: str | None) -> str:
    """Return the text that stands beside :func:`pick`'s: the other script, or empty."""
    shown, suffix = pick_with_suffix(obj, field, language)
    text = _half(obj, field, _opposite(suffix))
    return "" if text == shown else text


def other_suffix(obj: Any, field: str, language: str | None) -> str:
    """Return the suffix of the language of :func:`other`'s text."""
    return _opposite(pick_with_suffix(obj, field, language)[1])


def _opposite(suffix: str) -> str:
    return "en" if suffix == "zh" else "zh"


def _half(obj: Any, field: str, suffix: str) -> str:
    name = f"{field}_{suffix}"
    value = obj.get(name) if isinstance(obj, dict) else getattr(obj, name)
    return str(value).strip() if value else ""
