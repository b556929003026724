"""What each row would do: who it is about, and what would change.

People are recognised by their id, else by e-mail and name, else by the name within the
delegation; never by the name alone where that is not plain. Rows are planned together, because
two rows of one name are two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from delegates.models import Delegate, ImportRow
from delegates.operations.importing.cells import key_of
from delegates.operations.importing.findings import Finding, finding

Action = ImportRow.Action

#: What a person who corrects a row may answer to “who is it?”, besides somebody's number.
NEW_PERSON = "new"


@dataclass(slots=True)
class Plan:
    """One row on its way to a decision. ``choice`` is a person's answer to “who is it?”."""

    number: int
    delegation_id: int
    values: dict[str, Any]
    choice: str = ""
    action: str = ""
    person: Delegate | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided yet."""
        return not self.action

    def refuse(self, found: Finding) -> None:
        """Leave the row to a person's hand."""
        self.action = Action.REFUSED
        self.findings.append(found)

    def match(self, person: Delegate, found: Finding | None = None) -> None:
        """Decide that the row is about this person."""
        self.person = person
        self.changes = changes_of(person, self.values)
        self.action = Action.UPDATE if self.changes else Action.UNCHANGED
        if found:
            self.findings.append(found)

    def create(self) -> None:
        """Decide that the row is about somebody new."""
        self.action = Action.CREATE


def make_plans(plans: Sequence[Plan], people: Iterable[Delegate]) -> None:
    """Decide each of these rows; ``people`` are all who are known in the delegations they name."""
    known: dict[int, list[Delegate]] = defaultdict(list)
    for person in people:
        known[person.delegation_id].append(person)
    by_delegation: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_delegation[plan.delegation_id].append(plan)
    for delegation_id, rows in by_delegation.items():
        _Matcher(rows, known[delegation_id]).decide()


def changes_of(person: Delegate, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the fields that the row would change, each with its old and new value.

    An empty cell changes nothing.
    """
    changes: dict[str, list[Any]] = {}
    for name, new in values.items():
        old = getattr(person, name)
        if name == "source_id" and new == str(person.uid):
            continue
        if isinstance(old, datetime) or name.endswith("_at"):
            same = old is not None and old == datetime.fromisoformat(new)
            shown: Any = old.isoformat() if old else ""
        else:
            same = old == new or (name == "email" and str(old).casefold() == str(new).casefold())
            shown = old
        if not same:
            changes[name] = [shown, new]
    return changes


class _Matcher:
    """The rows and people of one delegation."""

    def __init__(self, rows: list[Plan], people: list[Delegate]) -> None:
        self.rows = rows
        self.attending = [person for person in people if person.withdrawn_at is None]
        self.withdrawn = [person for person in people if person.withdrawn_at is not None]
        self.taken: set[int] = set()

    def decide(self) -> None:
        self._by_choice()
        self._refuse_repeats()
        for row in self._open():
            self._by_id(row)
        for row in self._open():
            self._by_email(row)
        for row in self._open():
            self._by_everything(row)
        for row in self._open():
            self._by_name(row)
        self._refuse_second_heads()

    def _open(self) -> list[Plan]:
        return [row for row in self.rows if row.is_open]

    def _take(self, row: Plan, person: Delegate, found: Finding | None = None) -> None:
        self.taken.add(person.pk)
        row.match(person, found)

    def _free(self) -> list[Delegate]:
        return [person for person in self.attending if person.pk not in self.taken]

    def _by_choice(self) -> None:
        by_pk = {str(person.pk): person for person in self.attending}
        for row in self.rows:
            if row.choice == NEW_PERSON:
                row.create()
            elif row.choice in by_pk:
                self._take(row, by_pk[row.choice])

    def _refuse_repeats(self) -> None:
        seen: dict[str, Plan] = {}
        ids: dict[str, Plan] = {}
        for row in self._open():
            whole = repr(sorted(row.values.items()))
            if whole in seen:
                row.refuse(finding("same_row", row=seen[whole].number))
                continue
            seen[whole] = row
            identifier = row.values.get("source_id", "")
            if identifier and identifier in ids:
                row.refuse(finding("same_id", row=ids[identifier].number))
            ids.setdefault(identifier, row)

    def _by_id(self, row: Plan) -> None:
        identifier = row.values.get("source_id", "")
        if not identifier:
            return
        for person in self._free():
            if str(person.uid) == identifier:
                self._take(row, person)
                return
        owners = [person for person in self._free() if person.source_id == identifier]
        if len(owners) != 1:
            return
        owner = owners[0]
        if is_same_name(row.values, owner) or _same_email(row.values, owner):
            self._take(row, owner)
        elif not any(is_same_name(other.values, owner) for other in self.rows):
            row.refuse(finding("id_of_another", text=identifier, name=str(owner)))

    def _by_email(self, row: Plan) -> None:
        matches = [
            person
            for person in self._free()
            if _same_email(row.values, person) and is_same_name(row.values, person)
        ]
        if len(matches) == 1:
            self._take(row, matches[0])

    def _by_everything(self, row: Plan) -> None:
        """Match the person of whom the row says nothing new."""
        for person in self._free():
            if is_same_name(row.values, person) and not changes_of(person, row.values):
                self._take(row, person)
                return

    def _by_name(self, row: Plan) -> None:
        people = [person for person in self._free() if is_same_name(row.values, person)]
        rows = [other for other in self._open() if people and is_same_name(other.values, people[0])]
        if len(people) == 1 and len(rows) == 1:
            if _is_somebody_else(row.values, people[0]):
                row.refuse(finding("ambiguous"))
            else:
                self._take(row, people[0], finding("by_name"))
        elif people:
            # Decided together, or the answer would depend on the order of the rows.
            for other in rows:
                other.refuse(finding("ambiguous"))
        else:
            gone = [person for person in self.withdrawn if is_same_name(row.values, person)]
            if gone:
                row.refuse(finding("withdrawn", name=str(gone[0])))
            else:
                row.create()

    def _refuse_second_heads(self) -> None:
        leaving = {
            row.person.pk
            for row in self.rows
            if row.person and row.values.get("role", Delegate.Role.HEAD) != Delegate.Role.HEAD
        }
        head = next(
            (
                person
                for person in self.attending
                if person.role == Delegate.Role.HEAD and person.pk not in leaving
            ),
            None,
        )
        name = str(head) if head else ""
        for row in self.rows:
            if row.values.get("role") != Delegate.Role.HEAD or row.action == Action.REFUSED:
                continue
            if head is not None and row.person == head:
                continue
            if name:
                row.refuse(finding("second_head", name=name))
            else:
                name = written_name(row.values)


def is_same_name(values: dict[str, Any], person: Delegate) -> bool:
    """Return whether a row and a person have one name, in the script that both have."""
    native, own = key_of(values.get("native_name", "")), key_of(person.native_name)
    if native and own:
        return native == own
    latin = _latin_key(values.get("family_name", ""), values.get("given_name", ""))
    return bool(latin) and latin == _latin_key(person.family_name, person.given_name)


def written_name(values: dict[str, Any]) -> str:
    """Return the name that a row says, as one text."""
    parts = (values.get("given_name"), values.get("family_name"))
    return " ".join(part for part in parts if part) or values.get("native_name", "")


def _latin_key(family: str, given: str) -> str:
    """Return a key that does not depend on which name was taken for the family's."""
    return "".join(sorted(key_of(family + given)))


def _same_email(values: dict[str, Any], person: Delegate) -> bool:
    email = values.get("email", "").casefold()
    return bool(email) and email == person.email.casefold()


def _is_somebody_else(values: dict[str, Any], person: Delegate) -> bool:
    """Return whether address and title both speak against the name."""
    email, title = values.get("email", ""), values.get("title_en") or values.get("title_zh")
    known = person.title_en or person.title_zh
    return bool(
        email
        and person.email
        and not _same_email(values, person)
        and title
        and known
        and title not in (person.title_en, person.title_zh)
    )
