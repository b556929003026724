"""The rules of a snapshot: what is not about single persons (CP1, section 2)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from checkin.models import Device, Zone
from checkin.operations.snapshotting import text, words
from conference.models import Conference
from delegates.documents.badge_card import Text

#: Why a supervisor may wave somebody through.
REASONS = {
    "forgot_exit": gettext_noop("Was not scanned when leaving"),
    "known_person": gettext_noop("Known and accompanied by staff"),
    "rule_wrong": gettext_noop("The rule does not fit this case"),
    "other": gettext_noop("Another reason"),
}


def rules(device: Device) -> dict[str, Any]:
    """Return keys, classes, zones, gates and the texts that cards refer to by number.

    Supervisors with their PINs' hashes are for devices that may override only.
    """
    conference = device.conference
    # Whoever moves a device in the console changes its rules, so the phone hears of it.
    zones = conference.zones.prefetch_related("open_to", "provisional")
    return {
        "device": device_row(device),
        "keys": [
            {"key_id": key.key_id, "point": key.point}
            for key in conference.signing_keys.defer("private_key").order_by("key_id")
        ],
        "classes": [
            {
                "id": each.number,
                "code": each.code,
                "name": words(each, "name"),
                "walk_ins": each.walk_ins,
            }
            for each in conference.badge_classes.order_by("number")
        ],
        "zones": [zone_row(zone) for zone in zones],
        "gates": [
            {
                "id": gate.pk,
                "name": words(gate, "name"),
                "zones": sorted(zone.pk for zone in gate.zones.all()),
            }
            for gate in conference.gates.prefetch_related("zones")
        ],
        "delegations": [
            {"id": number, "name": text(english, chinese)}
            for number, english, chinese in conference.delegations.order_by("pk").values_list(
                "pk", "name_en", "name_zh"
            )
        ],
        "texts": {
            str(each.pk): words(each, "text") for each in conference.attention_texts.order_by("pk")
        },
        "reasons": [{"code": code, "name": _in_both(reason)} for code, reason in REASONS.items()],
        **(
            {"supervisors": _supervisors(conference)}
            if device.can(Device.Capability.OVERRIDE)
            else {}
        ),
    }


def device_row(device: Device) -> dict[str, Any]:
    """Return where a device stands and what it may do, as at its enrolment."""
    return {
        "name": device.name,
        "gate": device.gate_id,
        "zones": sorted(zone.pk for zone in device.zones.all()),
        "capabilities": device.capabilities,
        "valid_until_ms": round(device.valid_until.timestamp() * 1000),
    }


def zone_row(zone: Zone) -> dict[str, Any]:
    """Return a zone with its rules; ``open_to`` and ``provisional`` must be prefetched."""
    return {
        "id": zone.pk,
        "name": words(zone, "name"),
        "open_to": sorted(each.number for each in zone.open_to.all()),
        "windows": zone.windows,
        "reentry": zone.reentry,
        "resets": sorted(zone.resets),
        "provisional": sorted(each.number for each in zone.provisional.all()),
        "escort": zone.escort,
    }


def _supervisors(conference: Conference) -> list[dict[str, Any]]:
    """Return those who may still wave somebody through, by the PIN that they know."""
    return [
        {
            "id": each.pk,
            "name": each.name,
            "pin": {"salt": each.pin_salt, "rounds": each.pin_rounds, "hash": each.pin_hash},
        }
        for each in conference.supervisors.filter(ended_at=None).order_by("pk")
    ]


def _in_both(reason: str) -> Text:
    with override("en"):
        english = _(reason)
    with override("zh-hans"):
        return {"en": english, "zh": _(reason)}
