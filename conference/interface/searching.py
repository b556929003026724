"""Finding by words, in either script."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet


def having_words(rows: QuerySet[Any], words: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Return the rows in which each word stands in one of the fields, whatever its case.

    Words are parted by blanks; their order does not matter, so both "Wei Zhang" and "zhang wei"
    find the same person, and 张伟 needs no blank.
    """
    for word in words.split():
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows
