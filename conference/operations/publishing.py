"""Changing what the conference says of itself."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from conference.models import Conference, User
from conference.operations import auditing


@transaction.atomic
def change_conference(
    *, conference_id: int, values: Mapping[str, Any], actor: User | None, now: datetime
) -> Conference:
    """Set these fields of the conference; only what really changed is written and recorded."""
    conference = Conference.objects.select_for_update().get(pk=conference_id)
    changed = {
        field: value for field, value in values.items() if getattr(conference, field) != value
    }
    if not changed:
        return conference
    before = {field: _plain(getattr(conference, field)) for field in changed}
    for field, value in changed.items():
        setattr(conference, field, value)
    conference.save(update_fields=list(changed))
    auditing.record(
        action="conference.change",
        target=conference,
        conference=conference,
        actor=actor,
        before=before,
        after={field: _plain(value) for field, value in changed.items()},
        now=now,
    )
    return conference


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
