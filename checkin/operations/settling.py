"""Conflicts at the doors, settled by a person.

Settling says what was the case. It changes no scan, no presence and no count: what happened at the
doors stands.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from checkin.models import Alert, Conflict
from checkin.operations import alerting, merging
from conference.models import User
from conference.operations import auditing


@transaction.atomic
def settle(
    *, conflict: Conflict, now: datetime, actor: User, outcome: str = "", note: str = ""
) -> bool:
    """Mark an open conflict as settled; False if it was settled or moot already."""
    settled = Conflict.objects.filter(pk=conflict.pk, state=Conflict.State.OPEN).update(
        state=Conflict.State.SETTLED,
        settled_at=now,
        settled_by=actor,
        outcome=outcome,
        note=note,
    )
    if settled:
        _alerts_of(conflict).filter(ended_at=None).update(ended_at=now)
        _alerts_of(conflict).filter(seen_at=None).update(seen_at=now, seen_by=actor)
        auditing.record(
            action="conflict.settle",
            target=conflict,
            conference=conflict.conference,
            actor=actor,
            after={
                "kind": conflict.kind,
                "person": str(conflict.delegate),
                "outcome": outcome,
            },
            reason=note,
            now=now,
        )
    return bool(settled)


@transaction.atomic
def undo(*, conflict: Conflict, now: datetime, actor: User) -> bool:
    """Let a settled conflict wait again; False if it was not settled.

    Scans that came since may have made it untrue: then it is moot at once.
    """
    # The person's lock comes first, as in every fold.
    merging.lock([conflict.delegate_id])
    before = Conflict.objects.get(pk=conflict.pk)
    opened = Conflict.objects.filter(pk=conflict.pk, state=Conflict.State.SETTLED).update(
        state=Conflict.State.OPEN, settled_at=None, settled_by=None, outcome="", note=""
    )
    if not opened:
        return False
    auditing.record(
        action="conflict.reopen",
        target=conflict,
        conference=conflict.conference,
        actor=actor,
        before={"outcome": before.outcome, "note": before.note},
        now=now,
    )
    merging.refold(delegates=[conflict.delegate_id], now=now)
    if Conflict.objects.filter(pk=conflict.pk, state=Conflict.State.OPEN).exists():
        _alerts_of(conflict).update(ended_at=None)
    return True


def _alerts_of(conflict: Conflict) -> QuerySet[Alert]:
    return Alert.objects.filter(
        conference=conflict.conference_id, key=alerting.conflict_key(conflict.pk)
    )
