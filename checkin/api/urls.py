"""Addresses of CP1 below ``/api/v1/``. ``snapshot/`` and its like are for enrolled devices."""

from django.urls import path, re_path

from checkin.access import POLICY
from checkin.api import desk, enrolments, reading, scanning, security  # noqa: F401 - registers itself
from conference.access import declare, public

app_name = "checkin_api"

urlpatterns = [
    path("checkin/enrolments/", public(enrolments.Enrolments.as_view()), name="enrolments"),
    path("checkin/scan/", declare(scanning.Scan.as_view(), POLICY), name="scan"),
    path("checkin/scans/", declare(scanning.Scans.as_view(), POLICY), name="scans"),
    path(
        "checkin/scans/quarantine/",
        declare(scanning.Quarantine.as_view(), POLICY),
        name="quarantine",
    ),
    path("checkin/snapshot/", declare(reading.Snapshot.as_view(), POLICY), name="snapshot"),
    path("checkin/search/", declare(reading.Search.as_view(), POLICY), name="search"),
    path("checkin/walk-ins/", declare(desk.WalkIns.as_view(), POLICY), name="walk_ins"),
    path(
        "checkin/substitutions/",
        declare(desk.Substitutions.as_view(), POLICY),
        name="substitutions",
    ),
    path("checkin/badges/print/", declare(desk.BadgePrints.as_view(), POLICY), name="badge_print"),
    path("checkin/clock/", declare(reading.Clock.as_view(), POLICY), name="clock"),
    path("checkin/board/", declare(reading.Board.as_view(), POLICY), name="board"),
    re_path(r"^checkin/", public(reading.Nowhere.as_view()), name="nowhere"),
]
