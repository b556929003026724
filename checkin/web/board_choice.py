"""Which part of the board somebody looks at: what stands in the page's address."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language

from checkin.figures import DelegationCount
from conference.bilingual import pick

STATES = ("nobody", "partly", "complete")
HEADS = ("missing", "here")

#: How each column is sorted at the first press.
SORTS: dict[str, Callable[[DelegationCount], Any]] = {
    "name": lambda each: pick(each, "name", get_language()).casefold(),
    "here": lambda each: (-each.arrived, -each.expected),
    "missing": lambda each: (-each.missing, -each.late),
    "inside": lambda each: -each.inside,
}


@dataclass(frozen=True)
class Choice:
    """Which delegations, in what order; which day; with the map or without."""

    state: str = ""
    head: str = ""
    sort: str = ""
    page: str = ""
    day: str = ""
    map: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        """Return what a query asks for; what it cannot ask for is left out."""
        sort = query.get("sort", "")
        return cls(
            state=_one_of(query.get("state", ""), STATES),
            head=_one_of(query.get("head", ""), HEADS),
            sort=sort if sort.removeprefix("-") in SORTS else "",
            page=query.get("page", "") if query.get("page", "").isdecimal() else "",
            day=_a_day(query.get("day", "")),
            map=_one_of(query.get("map", ""), ("off",)),
        )

    def query(self, **changes: str) -> str:
        """Return the query of this choice with some changes, with its question mark."""
        told = {name: value for name, value in (asdict(self) | changes).items() if value}
        return f"?{urlencode(told)}" if told else "?"

    def sorted_by(self, column: str) -> str:
        """Return the query that sorts by a column, or the other way round if it does already."""
        return self.query(sort=f"-{column}" if self.sort == column else column, page="")

    def narrowed(self, delegations: list[DelegationCount]) -> list[DelegationCount]:
        """Return the delegations that are looked at, in their order."""
        chosen = [each for each in delegations if self._shows(each)]
        if self.sort:
            column = self.sort.removeprefix("-")
            chosen.sort(key=SORTS[column], reverse=self.sort.startswith("-"))
        return chosen

    def _shows(self, each: DelegationCount) -> bool:
        if self.state and each.state != self.state:
            return False
        if self.head:
            return each.led > 0 and each.head_here is (self.head == "here")
        return True


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""


def _a_day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""
