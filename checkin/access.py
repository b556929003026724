"""Which device is asking, and whether it may: the checks of CP1, section 2, in their order."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from checkin.errors import (
    CapabilityMissing,
    DeviceRevoked,
    DeviceSuspended,
    RateLimited,
    TokenInvalid,
)
from checkin.limits import Rate, seconds_to_wait
from checkin.models import Device
from checkin.operations import enrolling_devices

POLICY = "device"

SCANS = Rate(requests=10, seconds=1, burst=30)
UPLOADS = Rate(requests=10, seconds=60, burst=10)
OTHERS = Rate(requests=60, seconds=60, burst=60)
ENROLMENTS = Rate(requests=5, seconds=60, burst=5)

#: Any contact counts as a sign of life; it is written down at most this often.
_SEEN_EVERY = timedelta(seconds=30)
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{43})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What an address asks of a device: a capability (empty: none) and how often it may come."""

    capability: str
    bucket: str
    rate: Rate


def device_of(request: HttpRequest, now: datetime) -> Device:
    """Return the device whose bearer token the request carries; raises TokenInvalid.

    One statement. A device past its last day counts as not enrolled.
    """
    bearer = _BEARER.match(request.headers.get("Authorization", ""))
    if bearer is None:
        raise TokenInvalid
    device = (
        Device.objects.select_related("conference")
        .filter(token_hash=enrolling_devices.hash_of(bearer[1]))
        .first()
    )
    if device is None or (device.revoked_at is None and device.valid_until <= now):
        raise TokenInvalid
    return device


def check(device: Device, need: Need, now: datetime) -> None:
    """Refuse a device that is revoked, suspended, too fast or not made for this."""
    check_standing(device)
    check_rate(f"{need.bucket}:{device.pk}", need.rate, now)
    if need.capability and not device.can(need.capability):
        raise CapabilityMissing
    if device.last_seen_at is None or now - device.last_seen_at >= _SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)


def check_standing(device: Device) -> None:
    """Refuse a device that is revoked or suspended."""
    if device.revoked_at is not None:
        raise DeviceRevoked
    if device.suspended_at is not None:
        raise DeviceSuspended


def check_rate(key: str, rate: Rate, now: datetime) -> None:
    """Refuse whoever asks too often; raises RateLimited with ``retry_after_s``."""
    if wait_s := seconds_to_wait(key, rate, now):
        raise RateLimited(retry_after_s=wait_s)
