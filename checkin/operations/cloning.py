"""The doors' part of cloning a conference.

Carried: zones with their rules, re-based, and gates. Not carried: devices, scans, presence,
conflicts, blocks and zones granted to single persons.
"""

from django.db import transaction

from checkin.models import Gate, Zone
from conference.operations.cloning import Clone
from delegates.operations.cloning import ClonedDelegations
from sessions.models import Session


@transaction.atomic
def clone_doors(
    *, clone: Clone, delegations: ClonedDelegations, sessions: dict[int, Session]
) -> None:
    """Copy zones and gates into the new conference."""
    classes = delegations.badge_classes
    zones: dict[int, Zone] = {}
    for original in clone.source.zones.prefetch_related("open_to", "provisional"):
        copy = Zone.objects.create(
            conference=clone.conference,
            name_en=original.name_en,
            name_zh=original.name_zh,
            is_arrival=original.is_arrival,
            session=sessions.get(original.session_id or 0),
            for_enrolled=original.for_enrolled,
            lead_minutes=original.lead_minutes,
            lag_minutes=original.lag_minutes,
            windows=[
                [clone.shift.milliseconds(start), clone.shift.milliseconds(end)]
                for start, end in original.windows
            ],
            resets=[clone.shift.milliseconds(reset) for reset in original.resets],
            reentry=original.reentry,
            escort=original.escort,
            capacity=original.capacity,
            order=original.order,
        )
        copy.open_to.set(classes[each.pk] for each in original.open_to.all())
        copy.provisional.set(classes[each.pk] for each in original.provisional.all())
        zones[original.pk] = copy
    for gate in clone.source.gates.prefetch_related("zones"):
        copy_of_gate = Gate.objects.create(
            conference=clone.conference,
            name_en=gate.name_en,
            name_zh=gate.name_zh,
            order=gate.order,
        )
        copy_of_gate.zones.set(zones[each.pk] for each in gate.zones.all())
