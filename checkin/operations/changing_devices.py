"""Devices moved to another gate, given or denied zones and capabilities, kept longer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from checkin.errors import DeviceRevoked, DoorTaken, ZoneNotServed
from checkin.models import Device, Gate, Zone
from conference.models import User
from conference.operations import auditing


@transaction.atomic
def change_device(
    *,
    device: Device,
    name: str,
    gate: Gate,
    zones: Iterable[Zone],
    capabilities: Iterable[str],
    valid_until: datetime,
    now: datetime,
    actor: User | None = None,
) -> bool:
    """Give the device this name, place and reach; return whether anything changed.

    The phone learns of it with its next snapshot. Raises DeviceRevoked, DoorTaken if another
    device in use has the name, ZoneNotServed for a gate or zone that does not belong.
    """
    served = list(zones)
    of_the_gate = set(gate.zones.values_list("pk", flat=True))
    if gate.conference_id != device.conference_id or not {z.pk for z in served} <= of_the_gate:
        raise ZoneNotServed
    # Revoking in the same instant must not be written over, nor the phone's own signs of life.
    held = Device.objects.select_for_update().get(pk=device.pk)
    if held.revoked_at is not None:
        raise DeviceRevoked
    others = Device.objects.filter(conference=held.conference_id, name=name, revoked_at=None)
    if others.exclude(pk=held.pk).exists():
        raise DoorTaken
    before = _told(held)
    held.name, held.gate, held.valid_until = name, gate, valid_until
    held.capabilities = [each for each in Device.Capability.values if each in set(capabilities)]
    held.save(update_fields=["name", "gate", "valid_until", "capabilities"])
    held.zones.set(served)
    after = _told(held)
    changed = [field for field in after if before[field] != after[field]]
    if changed:
        auditing.record(
            action="device.change",
            target=held,
            conference=held.conference,
            actor=actor,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
            now=now,
        )
    return bool(changed)


def _told(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "gate": str(device.gate),
        "zones": sorted(zone.name_en for zone in device.zones.all()),
        "capabilities": list(device.capabilities),
        "valid_until": device.valid_until.isoformat(),
    }
