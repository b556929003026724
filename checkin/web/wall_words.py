"""What the wall says, in both languages at once."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

_WORDS: Final[dict[str, str | Promise]] = {
    "arrived": pgettext_lazy("wall", "arrived"),
    "inside": pgettext_lazy("wall", "inside now"),
    "missing": pgettext_lazy("wall", "not here yet"),
    "heads": pgettext_lazy("wall", "heads of delegation"),
    "delegations": pgettext_lazy("wall", "delegations complete"),
    "by_delegation": pgettext_lazy("wall", "By delegation"),
    "by_region": pgettext_lazy("wall", "By state and province"),
    "by_hour": pgettext_lazy("wall", "By hour"),
    "rooms": pgettext_lazy("wall", "Who is where"),
    "sessions": pgettext_lazy("wall", "Sessions, now and soon"),
    "latest": pgettext_lazy("wall", "Just arrived"),
    "welcome": pgettext_lazy("wall", "Welcome"),
    "nobody": pgettext_lazy("wall", "nobody here"),
    "partly": pgettext_lazy("wall", "partly here"),
    "complete": pgettext_lazy("wall", "complete"),
    "unexpected": pgettext_lazy("wall", "not on the list"),
    "some": pgettext_lazy("wall", "some are here"),
    "none": pgettext_lazy("wall", "Nobody has arrived yet."),
    "old": pgettext_lazy("wall", "No connection. These figures are old:"),
    "gone": pgettext_lazy("wall", "This screen may not show the figures any more."),
}


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    en: str
    zh: str


@cache
def both_languages() -> dict[str, Both]:
    """Return every text of the wall."""
    said = {}
    for name, text in _WORDS.items():
        with override("en"):
            english = str(text)
        with override("zh-hans"):
            chinese = str(text)
        said[name] = Both(english, chinese)
    return said
