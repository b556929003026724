"""Phones at the doors: made in the console, enrolled once, suspended, revoked.

Codes and tokens leave here once, in clear; what is kept of them is a hash.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from checkin.errors import DeviceRevoked, DoorTaken, EnrolmentInvalid, ZoneNotServed
from checkin.models import Device, Gate, Zone
from conference.models import Conference, User
from conference.operations import auditing

CODE_LIVES = timedelta(minutes=15)
#: Devices work until this long after the last day, unless somebody says otherwise.
AFTER_THE_END = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Issued:
    """A device and its one-time code, 22 characters, in clear."""

    device: Device
    code: str

    @property
    def address(self) -> str:
        """The link in the QR code; the code is in the fragment, which no server sees."""
        return f"{settings.PUBLIC_BASE_URL}{reverse('checkin:scanner')}#e={self.code}"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device and its token, 43 characters, in clear."""

    device: Device
    token: str


def hash_of(secret: str) -> str:
    """Return what is kept of a code or token: SHA-256 in hex."""
    return sha256(secret.encode()).hexdigest()


def last_moment(conference: Conference, now: datetime) -> datetime:
    """Return until when a new device works unless said otherwise, never less than a day."""
    end = datetime.combine(conference.last_day, datetime.max.time(), tzinfo=conference.zone)
    return max(end + AFTER_THE_END, now + timedelta(days=1))


@transaction.atomic
def create_device(
    *,
    conference: Conference,
    gate: Gate,
    name: str,
    capabilities: Iterable[str],
    now: datetime,
    zones: Iterable[Zone] | None = None,
    valid_until: datetime | None = None,
    actor: User | None = None,
) -> Issued:
    """Make a device for a gate and return it with its one-time code.

    Without ``zones`` it serves all of the gate's. Raises ZoneNotServed for a gate or zone that
    does not belong, DoorTaken if another device in use has the name.
    """
    served = list(gate.zones.all() if zones is None else zones)
    of_the_gate = set(gate.zones.values_list("pk", flat=True))
    if gate.conference_id != conference.pk or not {zone.pk for zone in served} <= of_the_gate:
        raise ZoneNotServed
    _refuse_taken_name(conference, name)
    device = Device.objects.create(
        conference=conference,
        name=name,
        gate=gate,
        capabilities=[each for each in Device.Capability.values if each in set(capabilities)],
        valid_until=valid_until or last_moment(conference, now),
    )
    device.zones.set(served)
    _record("device.create", device, now=now, actor=actor, after={"gate": str(gate)})
    return _with_code(device, now)


@transaction.atomic
def renew_code(*, device: Device, now: datetime, actor: User | None = None) -> Issued:
    """Return the device with a new one-time code; a phone that holds it works on until then.

    Raises DeviceRevoked: revocation is final.
    """
    _refuse_revoked(device)
    _record("device.renew_code", device, now=now, actor=actor)
    return _with_code(device, now)


@transaction.atomic
def enrol(*, code: str, install_id: UUID, app: str, now: datetime) -> Enrolled:
    """Give the device of this code a token; raises EnrolmentInvalid.

    A code serves once, but the same installation may ask again while it lives, as its answer may
    have been lost: it gets a new token, and the former one dies.
    """
    token = secrets.token_urlsafe(32)
    taken = Device.objects.filter(
        Q(install_id=None) | Q(install_id=install_id),
        enrolment_hash=hash_of(code),
        enrolment_expires_at__gt=now,
        valid_until__gt=now,
        revoked_at=None,
    ).update(
        install_id=install_id,
        token_hash=hash_of(token),
        app_version=app[:20],
        on_shift=None,
        enrolled_at=now,
        last_seen_at=now,
    )
    if not taken:
        raise EnrolmentInvalid
    device = Device.objects.select_related("conference", "gate").get(token_hash=hash_of(token))
    _record("device.enrol", device, now=now, actor=None)
    return Enrolled(device, token)


@transaction.atomic
def suspend(*, device: Device, now: datetime, actor: User | None = None) -> None:
    """Lock the device until it is resumed; what it holds stays. Raises DeviceRevoked."""
    _refuse_revoked(device)
    if Device.objects.filter(pk=device.pk, suspended_at=None).update(suspended_at=now):
        _record("device.suspend", device, now=now, actor=actor)


@transaction.atomic
def resume(*, device: Device, now: datetime, actor: User | None = None) -> None:
    """Let a suspended device work again. Raises DeviceRevoked."""
    _refuse_revoked(device)
    suspended = Device.objects.filter(pk=device.pk, suspended_at__isnull=False)
    if suspended.update(suspended_at=None):
        _record("device.resume", device, now=now, actor=actor)


@transaction.atomic
def revoke(*, device: Device, now: datetime, actor: User | None = None) -> None:
    """End the device for good: at its next contact it wipes what it holds."""
    changed = Device.objects.filter(pk=device.pk, revoked_at=None).update(
        revoked_at=now, enrolment_hash="", enrolment_expires_at=None
    )
    if changed:
        _record("device.revoke", device, now=now, actor=actor)


def _with_code(device: Device, now: datetime) -> Issued:
    code = secrets.token_urlsafe(16)
    device.enrolment_hash = hash_of(code)
    device.enrolment_expires_at = now + CODE_LIVES
    device.install_id = None
    device.save(update_fields=["enrolment_hash", "enrolment_expires_at", "install_id"])
    return Issued(device, code)


def _refuse_revoked(device: Device) -> None:
    if Device.objects.filter(pk=device.pk, revoked_at__isnull=False).exists():
        raise DeviceRevoked


def _refuse_taken_name(conference: Conference, name: str) -> None:
    in_use = Device.objects.filter(conference=conference, name=name, revoked_at=None)
    if in_use.exists():
        raise DoorTaken


def _record(
    action: str,
    device: Device,
    *,
    now: datetime,
    actor: User | None,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    auditing.record(
        action=action,
        target=device,
        conference=device.conference,
        actor=actor,
        actor_label="" if actor else "device",
        before=before,
        after=after,
        now=now,
    )
