"""Which device is asking, and whether it may: the checks of CP1, section 2, in their order."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from checkin.errors import (
    CapabilityMissing,
    DeviceActive,
    DeviceRevoked,
    DeviceSuspended,
    RateLimited,
    TokenInvalid,
)
from checkin.limits import Rate, seconds_to_wait
from checkin.models import Device
from checkin.operations import enrolling_devices, hearing
from checkin.operations.facts import SEEN_EVERY, Caller

POLICY = "device"

SCANS = Rate(requests=10, seconds=1, burst=30)
UPLOADS = Rate(requests=10, seconds=60, burst=10)
OTHERS = Rate(requests=60, seconds=60, burst=60)
ENROLMENTS = Rate(requests=5, seconds=60, burst=5)

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{43})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What an address asks of a device: a capability (empty: none) and how often it may come.

    One address is for revoked devices, and for them alone.
    """

    capability: str
    bucket: str
    rate: Rate
    for_revoked_devices: bool = False


def token_hash_of(request: HttpRequest) -> str:
    """Return what is stored of the bearer token that the request carries; raises TokenInvalid."""
    bearer = _BEARER.match(request.META.get("HTTP_AUTHORIZATION", ""))
    if bearer is None:
        raise TokenInvalid
    return enrolling_devices.hash_of(bearer[1])


def device_of(request: HttpRequest, now: datetime) -> Device:
    """Return the device whose bearer token the request carries; raises TokenInvalid.

    One statement. A device past its last day counts as not enrolled.
    """
    device = (
        Device.objects.select_related("conference")
        .filter(token_hash=token_hash_of(request))
        .first()
    )
    if device is None or (device.revoked_at is None and device.valid_until <= now):
        raise TokenInvalid
    return device


def check(device: Device, need: Need, now: datetime) -> None:
    """Refuse a device that is revoked, suspended, too fast or not made for this."""
    if device.revoked_at is None:
        # Before all else that may be wrong: a locked phone that hears it is active unlocks itself.
        if device.suspended_at is not None:
            raise DeviceSuspended
        if need.for_revoked_devices:
            raise DeviceActive
    elif not need.for_revoked_devices:
        _refuse_revoked(device.pk, now, is_revoked=True)
    if is_too_fast := wait_of(device.token_hash or "", need, now):
        raise RateLimited(retry_after_s=is_too_fast)
    if need.capability and not device.can(need.capability):
        raise CapabilityMissing
    if device.last_seen_at is None or now - device.last_seen_at >= SEEN_EVERY:
        hearing.note_contact(device=device.pk, now=now)


def wait_of(token_hash: str, need: Need, now: datetime) -> int:
    """Count a request of the device with this token; return for how many s it must wait."""
    return seconds_to_wait(f"{need.bucket}:{token_hash}", need.rate, now)


def check_caller(caller: Caller | None, need: Need, now: datetime) -> Caller:
    """Do what ``check`` does, but for the rate, by the facts that were read with a scan."""
    if caller is None or (caller.expired and not caller.revoked):
        raise TokenInvalid
    _refuse_revoked(caller.id, now, is_revoked=caller.revoked)
    if caller.suspended:
        raise DeviceSuspended
    if need.capability and not caller.can(need.capability):
        raise CapabilityMissing
    if caller.unseen:
        hearing.note_contact(device=caller.id, now=now)
    return caller


def check_rate(key: str, rate: Rate, now: datetime) -> None:
    """Refuse whoever asks too often; raises RateLimited with ``retry_after_s``."""
    if wait_s := seconds_to_wait(key, rate, now):
        raise RateLimited(retry_after_s=wait_s)


def _refuse_revoked(device: UUID, now: datetime, *, is_revoked: bool) -> None:
    if is_revoked:
        hearing.note_wiping(device=device, now=now)
        raise DeviceRevoked
