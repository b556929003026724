"""Writing a loaded list: every row once, whatever is clicked twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.errors import DomainError
from conference.models import Conference, User
from conference.operations import auditing
from delegates.errors import ImportRefused
from delegates.models import BadgeClass, Delegate, Delegation, ImportBatch, ImportRow
from delegates.operations import nominating
from delegates.operations.importing import reading
from delegates.operations.importing.batches import plan_batch, said_in_matching
from delegates.operations.importing.findings import of_refusal

Action = ImportRow.Action
WRITTEN = (Action.CREATE, Action.UPDATE)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What applying a list did, in rows."""

    created: int
    changed: int
    unchanged: int
    refused: int


@transaction.atomic
def apply_batch(*, batch: ImportBatch, now: datetime, actor: User | None = None) -> Outcome:
    """Write every row that can go in; the others stay with their reasons.

    Rows are decided anew first, so that a list applied twice, or two copies of it, add nobody
    twice. Rows corrected later are applied by calling this again. Raises ImportRefused for a
    discarded list.
    """
    # Two lists for one conference are applied one after the other.
    Conference.objects.select_for_update().get(pk=batch.conference_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == ImportBatch.State.DISCARDED:
        raise ImportRefused(_("This list was discarded. Load it again."))
    plan_batch(batch)
    # A person who stops being the head must do so before another becomes it.
    rows = sorted(
        batch.rows.filter(applied_at=None).select_related("delegate__conference"),
        key=lambda row: (
            row.values.get("fields", {}).get("role") == Delegate.Role.HEAD,
            row.number,
        ),
    )
    delegations = {
        delegation.pk: delegation
        for delegation in batch.conference.delegations.select_related(
            "conference", "locality", "organisation"
        )
    }
    classes = {
        role: nominating.default_badge_class(conference=batch.conference, role=role)
        for role in Delegate.Role.values
    }
    for row in rows:
        if row.action in WRITTEN:
            _apply_row(row, delegations[row.values["delegation"]], classes, now=now, actor=actor)
        elif row.action == Action.UNCHANGED:
            row.applied_at = now
    ImportRow.objects.bulk_update(rows, ["action", "delegate", "findings", "applied_at"], 100)
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, now
    batch.save(update_fields=["state", "applied_at"])
    counts = Counter(row.action for row in rows)
    outcome = Outcome(
        created=counts[Action.CREATE],
        changed=counts[Action.UPDATE],
        unchanged=counts[Action.UNCHANGED],
        refused=counts[Action.REFUSED],
    )
    auditing.record(
        action="import.apply",
        target=batch,
        conference=batch.conference,
        actor=actor,
        after={"created": outcome.created, "changed": outcome.changed, "refused": outcome.refused},
        now=now,
    )
    return outcome


def _apply_row(
    row: ImportRow,
    delegation: Delegation,
    classes: Mapping[str, BadgeClass],
    *,
    now: datetime,
    actor: User | None,
) -> None:
    """Write one row; a refusal stays with the row and does not stop the others."""
    label = f"{row.batch.file_name} #{row.number}"
    try:
        with transaction.atomic():
            if row.action == Action.CREATE:
                role = row.values["fields"].get("role", Delegate.Role.MEMBER)
                row.delegate = nominating.add_member(
                    delegation=delegation,
                    badge_class=classes[role],
                    fields=_typed(row.values["fields"])
                    | {"language": reading.default_language(row.values["fields"], delegation)},
                    now=now,
                    actor=actor,
                    actor_label="" if actor else label,
                )
            elif row.delegate is not None:
                changed = {name: new for name, (_old, new) in row.values["changes"].items()}
                nominating.change_member(
                    delegate=row.delegate,
                    fields=_typed(changed),
                    now=now,
                    actor=actor,
                    actor_label="" if actor else label,
                )
    except DomainError as refusal:
        row.action = Action.REFUSED
        row.findings = [*row.findings, said_in_matching(of_refusal(refusal))]
    else:
        row.applied_at = now


def _typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored values as a delegate has them: moments as moments."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") else value
        for name, value in fields.items()
    }
