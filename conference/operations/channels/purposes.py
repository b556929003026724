"""Which letters are told of on the second way: a plain table that the apps above fill in."""

from collections.abc import Callable

from conference.models import Message

#: Says of one letter whether it is told of, such as by the choice of its mailing or rule.
Choice = Callable[[Message], bool]
_choices: dict[str, Choice | None] = {}


def tell_of(*, purpose: str, choice: Choice | None = None) -> None:
    """Tell of the letters of this purpose, of all of them unless ``choice`` says which."""
    _choices[purpose] = choice


def purposes() -> list[str]:
    """Return the purposes of which some letters at least are told of."""
    return list(_choices)


def is_told_of(message: Message) -> bool:
    """Tell whether this letter has notices."""
    if message.purpose not in _choices:
        return False
    choice = _choices[message.purpose]
    return choice is None or choice(message)
