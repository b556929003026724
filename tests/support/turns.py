"""What costs minutes and is told as well by a part of it: in CI all of it, at a desk the part.

A walk through all pages in both languages costs a minute of browser's work for each further look.
So `make test` lets looks that find the same in either language take turns from page to page. A
crowd may be smaller there, too. `.ci/run` leaves nothing out.
"""

import os

from django.db import connection

LANGUAGES = ("en", "zh-hans")
#: Whether everything is done, and nothing left to turns.
IN_FULL = os.environ.get("CI") == "true"


def languages(place: int) -> tuple[str, ...]:
    """Return the languages in which the page at this place of a walk is looked at."""
    return LANGUAGES if IN_FULL else (LANGUAGES[place % 2],)


def engine() -> int:
    """Return 0 on SQLite and 1 on PostgreSQL: of two things, CI's two runs begin with one each."""
    return int(connection.vendor == "postgresql")
