"""Recounts: that what is shown follows from the scans, night by night."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkin.documents.conflicts import kind_of
from checkin.models import Recount
from checkin.operations import recounting
from checkin.web.standing_words import standing_words
from conference.access import ConferenceRequest
from conference.models import Conference, Role
from delegates.models import Delegate

_SHOWN = 30
_NAMED = 100


def recounts(request: ConferenceRequest) -> HttpResponse:
    """Show the last recounts and what the newest found; make one when asked to."""
    conference = request.conference
    may_recount = request.membership.role == Role.ORGANISER
    if request.method == "POST" and may_recount:
        recounting.ask(conference=conference)
        messages.info(
            request, _("The recount has been asked for. It takes a moment; load this page again.")
        )
        return redirect("checkin:recounts", conference.slug)
    runs = list(
        Recount.objects.filter(conference=conference).order_by("-started_at", "-pk")[:_SHOWN]
    )
    for run in runs:
        run.seconds = (run.finished_at - run.started_at).total_seconds()  # type: ignore[attr-defined]
    return render(
        request,
        "checkin/recounts.html",
        {
            "runs": runs,
            "differences": _in_words(conference, runs[0].differences[:_NAMED]) if runs else [],
            "may_recount": may_recount,
        },
    )


_FIGURES = {
    "arrived": gettext_lazy("persons who have arrived"),
    "inside": gettext_lazy("persons inside"),
    "entries": gettext_lazy("entries"),
}


def _in_words(conference: Conference, differences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return differences as people read them, each with its person and zone."""
    persons = Delegate.objects.in_bulk([each["person"] for each in differences if "person" in each])
    zones = {zone.pk: zone for zone in conference.zones.all()}
    return [
        {
            "person": persons.get(each.get("person", 0)),
            "what": _FIGURES.get(each.get("name", ""), ""),
            "zone": zones.get(each.get("zone", 0)),
            "stands": _value(conference, each, each["stands"]),
            "should": _value(conference, each, each["should"]),
        }
        for each in differences
    ]


def _value(conference: Conference, difference: dict[str, Any], value: Any) -> str:
    if difference["what"] == "count":
        return str(value)
    if difference["what"] == "conflict":
        return _conflict(value)
    if value is None:
        return _("was never here")
    return standing_words(
        inside=value["inside"],
        in_ms=value["in_ms"],
        entries=value["entries"],
        zone=conference.zone,
    )


def _conflict(value: str | None) -> str:
    """Return a conflict's kind, or that one waits, or that there is none."""
    if value is None:
        return _("no conflict")
    return str(kind_of(value).title) if value != "open" else _("an open conflict")
