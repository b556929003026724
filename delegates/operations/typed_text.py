"""What people type, without what nobody sees."""

import re
import unicodedata

_BREAKS = frozenset({"Cc", "Zl", "Zp"})
#: Letters and signs by their class that are drawn as nothing.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_LOOSE_JOINER = re.compile("(?<!\\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\\w)")


def visible(text: str) -> str:
    """Return what is to be seen of a typed text, on one line: the rest is no part of a name.

    Marks that join or part letters stay between letters, where some scripts need them.
    """
    seen = "".join(
        " " if unicodedata.category(letter) in _BREAKS or letter in _BLANKS else letter
        for letter in text
        if letter in _JOINERS or unicodedata.category(letter) != "Cf"
    )
    return " ".join(_LOOSE_JOINER.sub("", seen).split())
