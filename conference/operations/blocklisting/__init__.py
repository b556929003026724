"""A list of addresses to block, from a file: read, shown row by row, and then written."""

from conference.operations.blocklisting.planning import Action, Planned, plan
from conference.operations.blocklisting.reading import LARGEST, MOST_ROWS, decoded, rows_in
from conference.operations.blocklisting.writing import write

__all__ = [
    "LARGEST",
    "MOST_ROWS",
    "Action",
    "Planned",
    "decoded",
    "plan",
    "rows_in",
    "write",
]
