"""Conflicts at the doors, settled by a person."""

from datetime import datetime

from django.db import transaction

from checkin.models import Conflict
from conference.models import User
from conference.operations import auditing


@transaction.atomic
def settle(*, conflict: Conflict, now: datetime, actor: User, note: str = "") -> bool:
    """Mark an open conflict as settled; False if it was settled or moot already."""
    settled = Conflict.objects.filter(pk=conflict.pk, state=Conflict.State.OPEN).update(
        state=Conflict.State.SETTLED, settled_at=now, settled_by=actor, note=note
    )
    if settled:
        auditing.record(
            action="conflict.settle",
            target=conflict,
            conference=conflict.conference,
            actor=actor,
            after={"kind": conflict.kind, "person": str(conflict.delegate)},
            reason=note,
            now=now,
        )
    return bool(settled)
