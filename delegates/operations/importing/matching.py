"""What each row would do: who it is about, and what would change.

People are recognised by their id, else by e-mail and name, else by the name within the
delegation; never by the name alone where that is not plain. Rows are planned together, because
two rows of one name are two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from delegates.models import Delegate, ImportRow
from delegates.operations.importing.cells import key_of
from delegates.operations.importing.findings import Finding, finding

Action = ImportRow.Action

_T = TypeVar("_T")

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


@dataclass(frozen=True, slots=True)
class NameKeys:
    """What two spellings of one name have in common, in either script; empty where unknown."""

    native: str
    latin: str

    @classmethod
    def of(cls, family: str, given: str, native: str) -> "NameKeys":
        """Return the keys of a name; which part is the family's makes no difference."""
        return cls(key_of(native), "".join(sorted(key_of(family + given))))

    def same_as(self, other: "NameKeys") -> bool:
        """Return whether these are one name, in the script that both have."""
        if self.native and other.native:
            return self.native == other.native
        return bool(self.latin) and self.latin == other.latin


class _Matcher:
    """The rows and people of one delegation."""

    def __init__(self, rows: list[Plan], people: list[Delegate]) -> None:
        self.rows = rows
        self.row_names = {row.number: _keys_of_row(row.values) for row in rows}
        self.names = {person.pk: _keys_of_person(person) for person in people}
        self.attending = [person for person in people if person.withdrawn_at is None]
        self.withdrawn = [person for person in people if person.withdrawn_at is not None]
        self.by_name = _by_name((self.names[person.pk], person) for person in people)
        self.rows_by_name = _by_name((self.row_names[row.number], row) for row in rows)
        self.by_uid = {str(person.uid): person for person in self.attending}
        self.by_source_id: dict[str, list[Delegate]] = defaultdict(list)
        for person in self.attending:
            self.by_source_id[person.source_id].append(person)
        self.taken: set[int] = set()

    def decide(self) -> None:
        self._by_choice()
        self._refuse_repeats()
        for decide in (self._by_id, self._by_email, self._by_everything, self._by_name):
            for row in self.rows:
                if row.is_open:
                    decide(row)
        self._refuse_second_heads()

    def _take(self, row: Plan, person: Delegate, found: Finding | None = None) -> None:
        self.taken.add(person.pk)
        row.match(person, found)

    def _namesakes(self, row: Plan) -> list[Delegate]:
        """Return the people who have the row's name and are not matched yet."""
        keys = self.row_names[row.number]
        return [
            person
            for person in _found(self.by_name, keys)
            if person.withdrawn_at is None
            and person.pk not in self.taken
            and keys.same_as(self.names[person.pk])
        ]

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
        for row in self.rows:
            if not row.is_open:
                continue
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
        person = self.by_uid.get(identifier)
        if person is not None and person.pk not in self.taken:
            self._take(row, person)
            return
        owners = [
            owner
            for owner in (self.by_source_id.get(identifier, []) if identifier else [])
            if owner.pk not in self.taken
        ]
        if len(owners) != 1:
            return
        owner = owners[0]
        names = self.names[owner.pk]
        if names.same_as(self.row_names[row.number]) or _same_email(row.values, owner):
            self._take(row, owner)
        elif not any(
            names.same_as(self.row_names[other.number])
            for other in _found(self.rows_by_name, names)
        ):
            row.refuse(finding("id_of_another", text=identifier, name=str(owner)))

    def _by_email(self, row: Plan) -> None:
        matches = [person for person in self._namesakes(row) if _same_email(row.values, person)]
        if len(matches) == 1:
            self._take(row, matches[0])

    def _by_everything(self, row: Plan) -> None:
        """Match the person of whom the row says nothing new."""
        for person in self._namesakes(row):
            if not changes_of(person, row.values):
                self._take(row, person)
                return

    def _by_name(self, row: Plan) -> None:
        people = self._namesakes(row)
        if not people:
            self._new_or_gone(row)
            return
        names = self.names[people[0].pk]
        rows = [
            other
            for other in _found(self.rows_by_name, names)
            if other.is_open and names.same_as(self.row_names[other.number])
        ]
        if len(people) > 1 or len(rows) > 1:
            # Decided together, or the answer would depend on the order of the rows.
            for other in rows:
                other.refuse(finding("ambiguous"))
        elif _is_somebody_else(row.values, people[0]):
            row.refuse(finding("ambiguous"))
        else:
            self._take(row, people[0], finding("by_name"))

    def _new_or_gone(self, row: Plan) -> None:
        keys = self.row_names[row.number]
        for person in self.withdrawn:
            if keys.same_as(self.names[person.pk]):
                row.refuse(finding("withdrawn", name=str(person)))
                return
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
    return _keys_of_row(values).same_as(_keys_of_person(person))


def written_name(values: dict[str, Any]) -> str:
    """Return the name that a row says, as one text."""
    parts = (values.get("given_name"), values.get("family_name"))
    return " ".join(part for part in parts if part) or values.get("native_name", "")


def _keys_of_row(values: dict[str, Any]) -> NameKeys:
    return NameKeys.of(
        values.get("family_name", ""), values.get("given_name", ""), values.get("native_name", "")
    )


def _keys_of_person(person: Delegate) -> NameKeys:
    return NameKeys.of(person.family_name, person.given_name, person.native_name)


def _by_name(named: Iterable[tuple[NameKeys, _T]]) -> dict[str, list[_T]]:
    """Return things by each key of their names."""
    index: dict[str, list[_T]] = defaultdict(list)
    for keys, thing in named:
        for key in {keys.native, keys.latin} - {""}:
            index[key].append(thing)
    return index


def _found(index: dict[str, list[_T]], keys: NameKeys) -> list[_T]:
    """Return the things that share a key with these, each once, in their order."""
    things = [*index.get(keys.native, []), *index.get(keys.latin, [])]
    return list({id(thing): thing for thing in things}.values())


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
