"""Everybody of a zone folded anew, because the rules changed by which the scans are read."""

from datetime import datetime

from celery import current_app
from django.db import transaction

from checkin.models import Presence, Zone
from checkin.operations import merging

REFOLD_TASK = "checkin.refold_zone"
#: So many persons are locked at once; scans of the others go on.
_AT_ONCE = 100


def ask(zone: Zone) -> None:
    """Have a worker fold everybody of this zone; the recount would find who is left."""
    number = zone.pk
    transaction.on_commit(
        lambda: current_app.send_task(REFOLD_TASK, [number], ignore_result=True, retry=False),
        robust=True,
    )


def refold_zone(*, zone_id: int, now: datetime) -> int:
    """Fold everybody who was ever in this zone by its rules of now; return how many."""
    persons = list(
        Presence.objects.filter(zone=zone_id)
        .order_by("delegate")
        .values_list("delegate", flat=True)
    )
    for start in range(0, len(persons), _AT_ONCE):
        merging.refold(delegates=persons[start : start + _AT_ONCE], now=now)
    return len(persons)
