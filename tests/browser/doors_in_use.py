"""Trouble at the doors of a conference: alerts of every kind, a conflict, scans in quarantine."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from checkin.messages import Record
from checkin.models import Alert, Conflict, Device, Gate, Presence, Zone
from checkin.operations import enrolling_devices, merging, quarantining, recounting, watching
from conference.models import Conference
from delegates.models import Badge

PARAMS = {
    Alert.Kind.BLOCKED_PERSON: {"direction": "in", "verdict": "blocked"},
    Alert.Kind.UNKNOWN_CODES: {"codes": 24, "minutes": 5},
    Alert.Kind.OVERRIDE_RATE: {"overrides": 9, "entries": 100},
    Alert.Kind.SILENT_GATE: {"phones": 2},
    Alert.Kind.SEQ_GAP: {"scans": 3, "first": 12, "last": 14},
    Alert.Kind.ZONE_FULL: {"inside": 412, "capacity": 400},
}


def make_trouble(conference: Conference, now: datetime) -> tuple[Conflict, Device]:
    """Return a conflict that waits, and a revoked phone whose scans wait."""
    zone = Zone.objects.filter(conference=conference, reentry="after_exit").first()
    gates = list(Gate.objects.filter(zones=zone)[:2])
    badges = list(
        Badge.objects.filter(conference=conference, revoked_at=None, delegate__presences=None)[:2]
    )
    phones = [_phone(conference, gate, now) for gate in (gates[0], gates[-1], gates[0])]
    for seconds, phone in enumerate(phones[:2]):
        told = _record(phone, zone, badges[0], now + timedelta(seconds=65 * seconds))
        merging.store_scans(device=phone, records=[told], now=now)
    conflict = Conflict.objects.get(delegate=badges[0].delegate)
    lost = phones[2]
    enrolling_devices.revoke(device=lost, now=now)
    held = [_record(lost, zone, badge, now - timedelta(minutes=5)) for badge in badges]
    quarantining.hold_scans(device=lost, records=held, now=now)
    for kind, params in PARAMS.items():
        Alert.objects.create(
            conference=conference,
            kind=kind,
            key=f"{kind}:example",
            delegate=badges[1].delegate if kind == Alert.Kind.BLOCKED_PERSON else None,
            device=phones[0],
            gate=gates[0],
            zone=zone,
            params=params,
            happened_at=now,
            raised_at=now,
        )
    stood = Presence.objects.get(delegate=badges[0].delegate, zone=zone)
    Presence.objects.filter(pk=stood.pk).update(entries=stood.entries + 2)
    recounting.recount(conference=conference, now=now)
    Presence.objects.filter(pk=stood.pk).update(entries=stood.entries)
    watching.watch(conference=conference, now=now)
    return conflict, lost


def _phone(conference: Conference, gate: Gate, now: datetime) -> Device:
    issued = enrolling_devices.create_device(
        conference=conference,
        gate=gate,
        name=f"Phone {uuid.uuid4().hex[:4]}",
        capabilities=["scan"],
        now=now,
    )
    return enrolling_devices.enrol(
        code=issued.code, install_id=uuid.uuid4(), app="1.0.0", now=now
    ).device


def _record(phone: Device, zone: Any, badge: Badge, at: datetime) -> Record:
    boot, at_ms = str(uuid.uuid4()), round(at.timestamp() * 1000)
    return {
        "scan_id": str(uuid.uuid4()),
        "seq": 1 if phone.revoked_at is None else badge.pk,
        "via": "qr",
        "lookup": badge.lookup,
        "unknown_hash": None,
        "gate": phone.gate_id,
        "zone": zone.pk,
        "direction": "in",
        "wall_ms": at_ms,
        "boot_id": boot,
        "mono_ms": 0,
        "anchor": {"server_ms": at_ms, "mono_ms": 0, "boot_id": boot},
        "cursor": None,
        "offline": True,
        "shown": "admit",
        "override": None,
        "annuls": None,
    }
