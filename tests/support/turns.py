"""What a walk through all pages sees of each of them: in CI all of it, at a desk by turns.

To look at everything in both languages costs a minute of browser's work for each further look. So
`make test` lets looks that find the same in either language take turns from page to page; `.ci/run`
takes none away.
"""

import os

from django.db import connection

LANGUAGES = ("en", "zh-hans")
#: Whether nothing is left to turns.
IN_FULL = os.environ.get("CI") == "true"


def languages(place: int) -> tuple[str, ...]:
    """Return the languages in which the page at this place of a walk is looked at."""
    return LANGUAGES if IN_FULL else (LANGUAGES[place % 2],)


def engine() -> int:
    """Return 0 on SQLite and 1 on PostgreSQL: of two things, CI's two runs begin with one each."""
    return int(connection.vendor == "postgresql")
