"""Addresses of what waits at the doors: alerts, conflicts, quarantine, recounts."""

from django.urls import path

from checkin.web import alerts, conflicts, quarantine, recounts
from conference.access import conference_role
from conference.models import Role

_ALERTS = "organise/<slug:slug>/alerts/"
_on_duty = conference_role(*alerts.WATCHING)
_settling = conference_role(*conflicts.SETTLING)

urlpatterns = [
    path(_ALERTS, _on_duty(alerts.alert_list), name="alerts"),
    path(f"{_ALERTS}seen/", _on_duty(alerts.seen), name="alerts_seen"),
    path(f"{_ALERTS}conflicts/", _settling(conflicts.conflict_list), name="conflicts"),
    path(
        f"{_ALERTS}conflicts/<slug:pk>/",
        _settling(conflicts.conflict_detail),
        name="conflict_detail",
    ),
    path(
        f"{_ALERTS}conflicts/<slug:pk>/undo/",
        _settling(conflicts.conflict_undo),
        name="conflict_undo",
    ),
    path(f"{_ALERTS}quarantine/", _on_duty(quarantine.quarantine), name="quarantine"),
    path(
        f"{_ALERTS}quarantine/<uuid:pk>/",
        _on_duty(quarantine.quarantine_detail),
        name="quarantine_detail",
    ),
    path(
        f"{_ALERTS}quarantine/<uuid:pk>/settle/",
        _on_duty(quarantine.quarantine_settle),
        name="quarantine_settle",
    ),
    path(f"{_ALERTS}recounts/", conference_role(Role.DESK)(recounts.recounts), name="recounts"),
]
