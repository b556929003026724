"""The day itself: zones, devices, scans and what follows from them."""

from checkin.models import among as _among  # noqa: F401 - registers itself
from checkin.models.alert import Alert, Recount
from checkin.models.change import Change, ChangeClock
from checkin.models.device import Device
from checkin.models.handling import AttentionText, Handling
from checkin.models.held_scan import HeldScan
from checkin.models.scan import Conflict, Presence, Scan
from checkin.models.supervisor import Supervisor
from checkin.models.walk_in import WalkIn
from checkin.models.wall_link import WallLink
from checkin.models.zone import Block, Gate, Zone, ZoneGrant

__all__ = [
    "Alert",
    "AttentionText",
    "Block",
    "Change",
    "ChangeClock",
    "Conflict",
    "Device",
    "Gate",
    "Handling",
    "HeldScan",
    "Presence",
    "Recount",
    "Scan",
    "Supervisor",
    "WalkIn",
    "WallLink",
    "Zone",
    "ZoneGrant",
]
