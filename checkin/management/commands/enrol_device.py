"""Enrol a phone from a shell: prints its one-time address and code."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from checkin.models import Device, Gate, Zone
from checkin.operations import enrolling_devices
from conference.errors import DomainError
from conference.models import Conference


class Command(BaseCommand):
    """``manage.py enrol_device <conference-slug> --gate <name> [--json]``."""

    help = "Make a device for a gate and print its one-time address (15 minutes, once)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be given."""
        parser.add_argument("slug", help="the conference's address")
        parser.add_argument("--gate", required=True, help="name of the gate, in either language")
        parser.add_argument("--name", default="", help="name of the device; made up if left out")
        parser.add_argument(
            "--capabilities",
            default="scan",
            help=f"any of {', '.join(Device.Capability.values)}, joined by commas",
        )
        parser.add_argument(
            "--zones",
            default="",
            help="names of the zones that it serves, joined by commas; if left out, the gate's",
        )
        parser.add_argument(
            "--valid-until",
            default="",
            help="last moment, such as 2026-11-05T22:00, in venue time unless it names a zone",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the device; say what is wrong in one sentence otherwise."""
        conference = Conference.objects.filter(slug=options["slug"]).first()
        if conference is None:
            message = f"There is no conference “{options['slug']}”."
            raise CommandError(message)
        gate = _gate(conference, options["gate"])
        capabilities = [each.strip() for each in options["capabilities"].split(",") if each.strip()]
        if unknown := set(capabilities) - set(Device.Capability.values):
            message = f"Unknown capability: {', '.join(sorted(unknown))}."
            raise CommandError(message)
        now = timezone.now()
        count = Device.objects.filter(conference=conference, gate=gate).count()
        try:
            issued = enrolling_devices.create_device(
                conference=conference,
                gate=gate,
                name=options["name"] or f"{gate.name_en} {count + 1}",
                capabilities=capabilities,
                zones=_zones(gate, options["zones"]),
                valid_until=_moment(conference, options["valid_until"]),
                now=now,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        told = {
            "device": str(issued.device.pk),
            "name": issued.device.name,
            "gate": gate.pk,
            "zones": sorted(zone.pk for zone in issued.device.zones.all()),
            "capabilities": issued.device.capabilities,
            "valid_until": issued.device.valid_until.isoformat(),
            "address": issued.address,
            "code": issued.code,
            "expires": (now + enrolling_devices.CODE_LIVES).isoformat(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{told['name']}: open {told['address']} within 15 minutes.")


def _gate(conference: Conference, name: str) -> Gate:
    gates = list(Gate.objects.filter(conference=conference))
    for gate in gates:
        if name.casefold() in {gate.name_en.casefold(), gate.name_zh.casefold()}:
            return gate
    names = ", ".join(f"“{gate.name_en}”" for gate in gates) or "none yet"
    message = f"There is no gate “{name}”. The gates are: {names}."
    raise CommandError(message)


def _zones(gate: Gate, names: str) -> list[Zone] | None:
    wanted = [name.strip() for name in names.replace("，", ",").split(",") if name.strip()]
    if not wanted:
        return None
    here = list(gate.zones.all())
    by_name = {name.casefold(): zone for zone in here for name in (zone.name_en, zone.name_zh)}
    if unknown := [name for name in wanted if name.casefold() not in by_name]:
        known = ", ".join(f"“{zone.name_en}”" for zone in here) or "none yet"
        message = f"The gate does not lead into “{unknown[0]}”. It leads into: {known}."
        raise CommandError(message)
    return [by_name[name.casefold()] for name in wanted]


def _moment(conference: Conference, text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        message = f"“{text}” is no moment. Write it as 2026-11-05T22:00."
        raise CommandError(message)
    return found if found.tzinfo else found.replace(tzinfo=conference.zone)
