"""Loaded lists: kept as they came, shown and corrected before they are applied."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, User
from conference.operations import auditing
from delegates.errors import ImportRefused
from delegates.models import Delegate, Delegation, ImportBatch, ImportRow
from delegates.operations.importing import files, reading
from delegates.operations.importing.findings import Finding, finding, is_error
from delegates.operations.importing.headers import Column
from delegates.operations.importing.matching import Plan, make_plans
from delegates.operations.importing.parties import parties_of
from delegates.operations.importing.rows import ReadRow

Action = ImportRow.Action


@transaction.atomic
def load_file(
    *,
    conference: Conference,
    delegation: Delegation | None,
    file_name: str,
    content: bytes,
    now: datetime,
    actor: User | None = None,
) -> ImportBatch:
    """Read a file and keep what each of its rows would do; nothing is applied yet.

    ``delegation`` is the one that the whole list is for, or None if a column or bands tell.
    Raises ImportRefused with what to do instead.
    """
    sheet = files.open_table(content)
    parties = parties_of(conference)
    chosen = parties.by_pk.get(delegation.pk) if delegation else None
    rows = list(reading.read_rows(sheet, conference=conference, parties=parties, chosen=chosen))
    if not any(row.is_person for row in rows):
        raise ImportRefused(_("Below the header there are no rows with people."))
    batch = ImportBatch.objects.create(
        conference=conference,
        delegation=delegation,
        file_name=file_name[-255:],
        sha256=sha256(content).hexdigest(),
        encoding=sheet.encoding,
        columns=_columns(sheet),
        uploaded_by=actor,
    )
    stored = [_as_row(batch, row) for row in rows]
    _plan(batch, [row for row in stored if row.action != Action.SKIP])
    ImportRow.objects.bulk_create(stored, batch_size=500)
    auditing.record(
        action="import.load",
        target=batch,
        conference=conference,
        actor=actor,
        after={"rows": len(rows)},
        now=now,
    )
    return batch


def earlier_loads(batch: ImportBatch) -> list[ImportBatch]:
    """Return the applied loads of the very same file in this conference, the newest first."""
    same = ImportBatch.objects.filter(
        conference=batch.conference, sha256=batch.sha256, state=ImportBatch.State.APPLIED
    )
    return list(same.exclude(pk=batch.pk).select_related("uploaded_by").order_by("-applied_at"))


def plan_batch(batch: ImportBatch) -> None:
    """Decide anew what each row that is not applied yet would do, as things stand now."""
    rows = list(batch.rows.filter(applied_at=None).exclude(action=Action.SKIP))
    before = [_decision(row) for row in rows]
    _plan(batch, rows)
    changed = [row for row, then in zip(rows, before, strict=True) if _decision(row) != then]
    ImportRow.objects.bulk_update(changed, ["action", "delegate", "values", "findings"], 100)


def _plan(batch: ImportBatch, rows: list[ImportRow]) -> None:
    """Decide what these rows would do, without writing it down."""
    plans: dict[int, Plan] = {}
    for row in rows:
        row.findings = [said for said in row.findings if not said.get("matching")]
        row.action, row.delegate = Action.REFUSED, None
        row.values["changes"] = {}
        delegation_id = row.values.get("delegation")
        if delegation_id and not any(is_error(said) for said in row.findings):
            plans[row.number] = Plan(
                number=row.number,
                delegation_id=delegation_id,
                values=row.values["fields"],
                choice=row.values.get("choice", ""),
            )
    people = Delegate.objects.filter(
        conference=batch.conference,
        delegation__in={plan.delegation_id for plan in plans.values()},
    )
    make_plans(list(plans.values()), people.order_by("pk"))
    for row in rows:
        if plan := plans.get(row.number):
            row.action, row.delegate = plan.action, plan.person
            row.values["changes"] = plan.changes
            row.findings += [said_in_matching(found) for found in plan.findings]


def _decision(row: ImportRow) -> tuple[str, int | None, str, str]:
    """Return what was decided about a row, comparable with what is decided later."""
    return row.action, row.delegate_id, repr(row.values), repr(row.findings)


@transaction.atomic
def correct_row(
    *,
    row: ImportRow,
    delegation: Delegation,
    fields: Mapping[str, Any],
    choice: str,
    now: datetime,
    actor: User | None = None,
) -> ImportRow:
    """Take a person's corrections of a row that needed a hand, and decide anew.

    ``choice`` answers “who is it?”: empty, ``NEW_PERSON`` or the number of a delegate. The row is
    applied with the list. Raises ImportRefused if it is applied already.
    """
    locked = ImportRow.objects.select_for_update().select_related("batch").get(pk=row.pk)
    if locked.applied_at is not None:
        raise ImportRefused(_("This row has already been applied."))
    kept = {**locked.values.get("fields", {}), **fields}
    locked.values = {
        "delegation": delegation.pk,
        "choice": choice,
        "fields": {name: value for name, value in kept.items() if value not in ("", None)},
        "changes": {},
    }
    locked.findings = [
        said for said in locked.findings if not is_error(said) and not said.get("matching")
    ]
    if not any(kept.get(name) for name in ("family_name", "given_name", "native_name")):
        locked.findings.append(finding("no_name").as_json())
    locked.action = Action.REFUSED
    locked.save(update_fields=["values", "findings", "action"])
    auditing.record(
        action="import.correct",
        target=locked.batch,
        conference=locked.batch.conference,
        actor=actor,
        after={"row": locked.number},
        now=now,
    )
    plan_batch(locked.batch)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def discard_batch(*, batch: ImportBatch, now: datetime, actor: User | None = None) -> None:
    """Set a list aside that was not applied; raises ImportRefused if it was."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW).update(
        state=ImportBatch.State.DISCARDED
    )
    if not changed:
        raise ImportRefused(_("This list is already applied or discarded."))
    auditing.record(
        action="import.discard", target=batch, conference=batch.conference, actor=actor, now=now
    )


def _as_row(batch: ImportBatch, row: ReadRow) -> ImportRow:
    return ImportRow(
        batch=batch,
        number=row.number,
        raw=row.raw,
        values={
            "delegation": row.delegation.pk if row.delegation else None,
            "fields": row.values,
            "choice": "",
            "changes": {},
        },
        findings=[found.as_json() for found in row.findings],
        action=Action.REFUSED if row.is_person else Action.SKIP,
    )


def said_in_matching(found: Finding) -> dict[str, Any]:
    """Return a finding as stored, marked to be said anew at the next decision."""
    return {**found.as_json(), "matching": True}


def _columns(sheet: files.Sheet) -> dict[str, Any]:
    """Return what the preview says of the file as a whole."""
    columns = sheet.header.columns
    notes = list(sheet.findings)
    known = Counter(column.target for column in columns if column.target)
    for target, count in known.items():
        if count > 1 and target not in ("ignored", "sensitive", "serial"):
            label = sheet.header.of(target)[1].label
            notes.append(finding("duplicate_column", label, text=label))
    for column in sheet.header.of("sensitive"):
        notes.append(finding("sensitive_column", column.label, text=column.label))
    unread = _unread(columns)
    if unread:
        notes.append(finding("unread_columns", names=", ".join(unread)))
    return {
        "sheet": sheet.name,
        "delimiter": sheet.delimiter,
        "header_row": sheet.header.last_row + 1,
        "mapped": {column.label: column.target for column in columns if column.target},
        "notes": [note.as_json() for note in notes],
    }


def _unread(columns: Iterable[Column]) -> list[str]:
    return [
        column.label
        for column in columns
        if column.label and column.target in ("", "ignored", "serial")
    ]
