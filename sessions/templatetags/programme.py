"""Template filters of the programme."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.bilingual import suffix_for

register = template.Library()

LANGUAGES = {"en": _("English"), "zh": _("Chinese")}


@register.filter
def spoken(languages: str) -> str:
    """Write out the languages of a session: ``en, zh`` reads ``English, Chinese``."""
    comma = "、" if suffix_for(get_language()) == "zh" else ", "
    named = (part.strip() for part in languages.split(","))
    return comma.join(str(LANGUAGES.get(part.lower(), part)) for part in named if part)
