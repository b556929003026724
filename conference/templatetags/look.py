"""Template tags of the look: icons and state chips."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from conference.state_tones import tone_of

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a ``label`` it is decoration and hidden from readers."""
    address = f"{static('vendor/icons/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
def state_chip(code: str, word: Any, tone: str = "") -> SafeString:
    """Show a state as word, shape and colour: ``{% state_chip a.state a.get_state_display %}``.

    The tone follows from the code (see ``conference/state_tones.py``) unless one is given.
    """
    chosen = tone or tone_of(code)
    return format_html(
        '<span class="state state--{}">{}{}</span>',
        chosen,
        icon(f"state-{chosen}"),
        capfirst(str(word)),
    )


@register.simple_tag
def page_numbers(page: Page[Any]) -> Iterable[int | str]:
    """List the numbers to link to: the ends, those around the page, and dots between them."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
