"""The blocked addresses of a conference as a file for spreadsheets."""

import csv
from io import StringIO
from typing import Final

from conference.models import Conference, Suppression

#: What a spreadsheet would take for a formula gets an apostrophe, as in the list of participants.
_FORMULA_LIKE: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(conference: Conference) -> bytes:
    """Return the list with a mark by which spreadsheets know the encoding."""
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(["address", "reason", "since", "evidence"])
    for row in Suppression.objects.filter(conference=conference):
        cells = (row.address, row.reason, row.since.isoformat(timespec="minutes"), row.evidence)
        writer.writerow([_safe(cell) for cell in cells])
    return lines.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    is_like_one = cell.startswith(_FORMULA_LIKE) or cell.lstrip().startswith(_FORMULA_LIKE)
    return f"'{cell}" if is_like_one else cell
