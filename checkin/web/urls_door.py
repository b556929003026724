"""Addresses of the doors: scanner, devices, zones and gates, arrivals."""

from django.urls import path

from checkin.web import arrivals, devices, doors, scanner
from conference.access import STAFF, conference_role, public, signed_in
from conference.models import Role

_at_the_door = conference_role(Role.DESK)
_organiser = conference_role()
_DEVICES = "organise/<slug:slug>/devices/"

urlpatterns = [
    path("checkin/", public(scanner.scanner), name="scanner"),
    path("checkin/work/", signed_in(scanner.work_here), name="work_here"),
    path("checkin/manifest.webmanifest", public(scanner.manifest), name="manifest"),
    path(
        "organise/<slug:slug>/arrivals/",
        conference_role(*STAFF)(arrivals.arrivals),
        name="arrivals",
    ),
    path(
        "organise/<slug:slug>/arrivals/conflicts/<slug:pk>/settle/",
        conference_role(*arrivals.SETTLING)(arrivals.settle),
        name="conflict_settle",
    ),
    path(_DEVICES, _at_the_door(devices.device_list), name="device_list"),
    path(f"{_DEVICES}new/", _at_the_door(devices.device_new), name="device_new"),
    path(f"{_DEVICES}zones/new/", _organiser(doors.zone_edit), name="zone_new"),
    path(f"{_DEVICES}zones/<int:pk>/", _organiser(doors.zone_edit), name="zone_edit"),
    path(f"{_DEVICES}gates/new/", _organiser(doors.gate_edit), name="gate_new"),
    path(f"{_DEVICES}gates/<int:pk>/", _organiser(doors.gate_edit), name="gate_edit"),
    path(f"{_DEVICES}<uuid:pk>/", _at_the_door(devices.device_detail), name="device_detail"),
    path(f"{_DEVICES}<uuid:pk>/code/", _at_the_door(devices.device_code), name="device_code"),
    path(
        f"{_DEVICES}<uuid:pk>/suspend/",
        _at_the_door(devices.device_suspend),
        name="device_suspend",
    ),
    path(
        f"{_DEVICES}<uuid:pk>/revoke/",
        _at_the_door(devices.device_revoke),
        name="device_revoke",
    ),
]
