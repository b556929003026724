"""Addresses of the doors: scanner, devices, zones and gates, arrivals."""

from django.urls import path

from checkin.web import arrivals, devices, doors, missing, scanner, wall, wall_links
from checkin.web.watching import watched
from conference.access import STAFF, conference_role, public, signed_in
from conference.models import Role

_at_the_door = conference_role(Role.DESK)
_organiser = conference_role()
_protocol = conference_role(Role.PROTOCOL)
_DEVICES = "organise/<slug:slug>/devices/"
_ARRIVALS = "organise/<slug:slug>/arrivals/"

urlpatterns = [
    path("checkin/", public(scanner.scanner), name="scanner"),
    path("checkin/work/", signed_in(scanner.work_here), name="work_here"),
    path("checkin/gates/", public(scanner.gates), name="gates"),
    path("checkin/sw.js", public(scanner.service_worker), name="service_worker"),
    path("checkin/manifest.webmanifest", public(scanner.manifest), name="manifest"),
    path(
        "organise/<slug:slug>/arrivals/",
        watched(*STAFF)(arrivals.arrivals),
        name="arrivals",
    ),
    path(f"{_ARRIVALS}missing/", conference_role(*STAFF)(missing.missing), name="missing"),
    path(
        f"{_ARRIVALS}missing.csv",
        conference_role(*arrivals.READING)(missing.missing_csv),
        name="missing_csv",
    ),
    path(f"{_ARRIVALS}wall/", watched(*STAFF)(wall.wall), name="wall"),
    path(f"{_ARRIVALS}wall/links/", _protocol(wall_links.wall_link_list), name="wall_links"),
    path(
        f"{_ARRIVALS}wall/links/<int:pk>/revoke/",
        _protocol(wall_links.revoke),
        name="wall_link_revoke",
    ),
    path("wall/<str:token>/", wall.by_wall_link(wall.linked_wall), name="wall_by_link"),
    path(_DEVICES, _at_the_door(devices.device_list), name="device_list"),
    path(f"{_DEVICES}new/", _at_the_door(devices.device_new), name="device_new"),
    path(f"{_DEVICES}zones/new/", _organiser(doors.zone_edit), name="zone_new"),
    path(f"{_DEVICES}zones/<int:pk>/", _organiser(doors.zone_edit), name="zone_edit"),
    path(f"{_DEVICES}zones/<int:pk>/vips/", _organiser(doors.zone_vips), name="zone_vips"),
    path(f"{_DEVICES}sessions/", _organiser(doors.session_doors), name="session_doors"),
    path(f"{_DEVICES}sessions/<int:pk>/", _organiser(doors.session_door), name="session_door"),
    path(f"{_DEVICES}lounge/", _organiser(doors.lounge), name="lounge"),
    path(f"{_DEVICES}gates/new/", _organiser(doors.gate_edit), name="gate_new"),
    path(f"{_DEVICES}gates/<int:pk>/", _organiser(doors.gate_edit), name="gate_edit"),
    path(f"{_DEVICES}<uuid:pk>/", _at_the_door(devices.device_detail), name="device_detail"),
    path(f"{_DEVICES}<uuid:pk>/edit/", _at_the_door(devices.device_edit), name="device_edit"),
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
