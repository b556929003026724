"""Names as they are compared: whoever types ``munoz`` means Muñoz, and ``xiaoming`` Xiao-Ming."""

import unicodedata
from typing import Final

#: Letters that Unicode does not take apart.
_LETTERS: Final = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
}
_DROPPED: Final = "'’‘ʼʹ´`′＇"
_FOLDS: Final = str.maketrans(_LETTERS | dict.fromkeys(_DROPPED, ""))


def folded(text: str) -> str:
    """Return a text without case, accents, widths and apostrophes, its words a blank apart.

    Hyphens and dots of every kind part words; other signs stay and mean themselves.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_FOLDS)).casefold().translate(_FOLDS)
    letters = (
        " " if unicodedata.category(letter) == "Pd" or letter in ".·・•‧," else letter
        for letter in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(letter)
    )
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


def searchable(*, family: str, given: str, others: tuple[str, ...]) -> str:
    """Return all that a person can be found by, each word between blanks.

    Names of several words stand there in one word too, and so do family and given name in both
    orders.
    """
    family, given = folded(family), folded(given)
    names = [family, given, *(folded(other) for other in others)]
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(name.split())
        found[name.replace(" ", "")] = None
    squeezed = (family.replace(" ", ""), given.replace(" ", ""))
    found["".join(squeezed)] = found["".join(reversed(squeezed))] = None
    return f" {' '.join(word for word in found if word)} "
