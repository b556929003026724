"""A row on its way from the file to a person."""

from dataclasses import dataclass, field
from typing import Any

from delegates.models import Delegation
from delegates.operations.importing.findings import Finding, is_error


@dataclass(slots=True)
class ReadRow:
    """One row of the file: its number there, its text, what was read, what was found.

    ``is_person`` is false for bands, totals and the like; ``delegation`` is None where it could
    not be told. ``values`` are fields of a delegate, as JSON.
    """

    number: int
    raw: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    delegation: Delegation | None = None
    is_person: bool = True

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps the row from going in."""
        return any(is_error(found.as_json()) for found in self.findings)

    def add(self, found: Finding | list[Finding]) -> None:
        """Say more about the row."""
        self.findings += found if isinstance(found, list) else [found]
