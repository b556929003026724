"""The back office of the doors: to look, and to set what has no screen of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from checkin.models import Block, Conflict, Device, Gate, Presence, Scan, Zone, ZoneGrant


class _ToRead(admin.ModelAdmin):  # type: ignore[type-arg]
    """Facts: nobody adds, changes or deletes them by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no."""
        return False


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Zones with all their rules."""

    list_display = ("name_en", "name_zh", "conference", "reentry", "is_arrival", "capacity")
    list_filter = ("conference",)
    list_select_related = ("conference",)
    filter_horizontal = ("open_to", "provisional")


@admin.register(Gate)
class GateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Gates."""

    list_display = ("name_en", "name_zh", "conference")
    list_filter = ("conference",)
    list_select_related = ("conference",)
    filter_horizontal = ("zones",)


@admin.register(Device)
class DeviceAdmin(_ToRead):
    """Devices, without what is secret about them; the console changes them."""

    list_display = ("name", "conference", "gate", "last_seen_at", "suspended_at", "revoked_at")
    list_filter = ("conference",)
    list_select_related = ("conference", "gate")
    exclude = ("token_hash", "enrolment_hash")


@admin.register(Scan)
class ScanAdmin(_ToRead):
    """Scans as they came."""

    list_display = ("id", "conference", "gate", "zone", "direction", "decided", "shown")
    list_filter = ("conference", "decided", "quarantine")
    list_select_related = ("conference", "gate", "zone")
    search_fields = ("lookup",)
    show_full_result_count = False


@admin.register(Presence)
class PresenceAdmin(_ToRead):
    """Who is where: it follows from the scans."""

    list_display = ("delegate", "zone", "inside", "entries")
    list_filter = ("conference", "zone", "inside")
    list_select_related = ("delegate", "zone")


@admin.register(Conflict)
class ConflictAdmin(_ToRead):
    """Facts that do not fit together."""

    list_display = ("id", "kind", "delegate", "zone", "state", "raised_at")
    list_filter = ("conference", "kind", "state")
    list_select_related = ("delegate", "zone")


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Persons who may enter nowhere for a time."""

    list_display = ("delegate", "since", "until")
    list_select_related = ("delegate",)
    raw_id_fields = ("delegate",)


@admin.register(ZoneGrant)
class ZoneGrantAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Zones opened to single persons."""

    list_display = ("zone", "delegate")
    list_select_related = ("zone", "delegate")
    raw_id_fields = ("delegate",)
