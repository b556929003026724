"""Keeping the record of who did what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from conference.models import AuditEntry, Conference, User


def record(
    *,
    action: str,
    target: models.Model,
    now: datetime,
    conference: Conference | None = None,
    actor: User | None = None,
    actor_label: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write one entry. Call it inside the transaction of the deed, so both stand or neither.

    ``action`` is a dotted verb such as ``delegate.approve``; ``before`` and ``after`` hold only
    the changed fields, as JSON. ``actor_label`` names actors without an account (a personal
    link, a device, the system).
    """
    return AuditEntry.objects.create(
        conference=conference,
        actor=actor,
        actor_label=actor_label or (actor.email if actor else ""),
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        object_label=str(target)[:300],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
        at=now,
    )
