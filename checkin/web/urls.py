"""Addresses of the door, and of the screens that bring all apps together."""

from django.urls import path

from checkin.web import overview, rehearse, start, urls_alerts, urls_desk, urls_door
from conference.access import STAFF, conference_role, signed_in

app_name = "checkin"

urlpatterns = [
    path("start/", signed_in(start.start), name="start"),
    path("organise/<slug:slug>/", conference_role(*STAFF)(overview.overview), name="overview"),
    path(
        "organise/<slug:slug>/rehearsal/",
        conference_role()(rehearse.rehearse),
        name="rehearse",
    ),
    *urls_door.urlpatterns,
    *urls_desk.urlpatterns,
    *urls_alerts.urlpatterns,
]
