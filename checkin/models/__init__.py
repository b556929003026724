"""The day itself: zones, devices, scans and what follows from them."""

from checkin.models.device import Device
from checkin.models.scan import Conflict, Presence, Scan
from checkin.models.zone import Block, Gate, Zone, ZoneGrant

__all__ = ["Block", "Conflict", "Device", "Gate", "Presence", "Scan", "Zone", "ZoneGrant"]
