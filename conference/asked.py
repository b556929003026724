"""What the address of a list asks for: words and numbers, safe to hand to any database."""

from collections.abc import Iterable
from datetime import date

from django.http import QueryDict
from django.utils.dateparse import parse_date

#: As many digits as every number of this length fits a key of the database.
_LONGEST_NUMBER = 18


def words(asked: QueryDict, name: str) -> str:
    """Return the text asked for, trimmed, without NUL, which nobody types; empty without one."""
    return asked.get(name, "").replace("\0", "").strip()


def number(asked: QueryDict, name: str) -> int | None:
    """Return the whole number asked for, or None without one that a row could have."""
    return _number(asked.get(name, ""))


def numbers(texts: Iterable[str]) -> list[int]:
    """Return those of the texts that are numbers a row could have."""
    return [found for text in texts if (found := _number(text)) is not None]


def day(asked: QueryDict, name: str) -> date | None:
    """Return the calendar day asked for, or None without one; the ends of time are no days."""
    try:
        found = parse_date(asked.get(name, ""))
    except ValueError:
        return None
    return found if found and date.min.year < found.year < date.max.year else None


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None
