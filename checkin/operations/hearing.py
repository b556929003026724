"""What phones say of themselves with each upload."""

from collections.abc import Mapping
from datetime import datetime

from checkin.models import Device

_FULL = 100


def note_signs(*, device: Device, signs: Mapping[str, int], now: datetime) -> None:
    """Write down that a phone was heard, and its queue, battery in % and clock as far as given."""
    device.last_seen_at = now
    if "queued" in signs:
        device.queued = min(signs["queued"], 2**31 - 1)
    if "battery" in signs:
        device.battery = min(signs["battery"], _FULL)
    if "wall_ms" in signs:
        device.clock_offset_ms = signs["wall_ms"] - round(now.timestamp() * 1000)
    device.save(update_fields=["last_seen_at", "queued", "battery", "clock_offset_ms"])
