"""What phones say of themselves, and that they were heard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from checkin.models import Device

_FULL = 100
_MOST = 2**31 - 1


def note_contact(*, device: UUID, now: datetime) -> None:
    """Write down that a phone was heard."""
    Device.objects.filter(pk=device).update(last_seen_at=now)


def note_wiping(*, device: UUID, now: datetime) -> None:
    """Write down when a revoked phone was first told to wipe what it holds."""
    Device.objects.filter(pk=device, wipe_told_at=None).update(wipe_told_at=now)


def note_signs(*, device: Device, signs: Mapping[str, Any], named: int, now: datetime) -> None:
    """Write down that a phone was heard, and as far as given its state.

    That is its queue, battery in %, whether it is on shift, clock, version, and the cursor of the
    list that it holds. The queue still counted the scans that came along: those that the answer
    names are in it no longer.
    """
    told: dict[str, Any] = {"last_seen_at": now}
    if "queued" in signs:
        told["queued"] = min(max(signs["queued"] - named, 0), _MOST)
    if "battery" in signs:
        told["battery"] = min(signs["battery"], _FULL)
    if "on_shift" in signs:
        told["on_shift"] = signs["on_shift"]
    if "wall_ms" in signs:
        told["clock_offset_ms"] = signs["wall_ms"] - round(now.timestamp() * 1000)
    if "cursor" in signs:
        told["cursor"] = signs["cursor"]
    if "app" in signs:
        told["app_version"] = signs["app"]
    Device.objects.filter(pk=device.pk).update(**told)
