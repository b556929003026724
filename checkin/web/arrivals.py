"""Arrivals as they happen: one fragment for the page, a shorter one for the overview.

Both ask again and again; what has not changed is answered by 304, and all watchers share one
count a second.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from checkin import live
from checkin.models import Conflict
from checkin.operations import settling
from conference.access import ConferenceRequest
from conference.models import Conference, Role

#: With a count that is at most a second old, an arrival shows within three seconds.
EVERY = "1500ms"
BRIEF = "checkin/_arrivals_brief.html"
WHOLE = "checkin/_arrivals.html"
#: Who may settle what does not fit together.
SETTLING = (Role.PROTOCOL, Role.DESK)
KINDS = {
    "double_entry": _("let in twice without an exit between"),
    "exit_without_entry": _("went out without having come in"),
    "admitted_after_revocation": _("let in with a badge that was void"),
    "admitted_while_blocked": _("let in while blocked"),
    "time_uncertain": _("scanned by a phone whose clock is uncertain"),
}
_IN_BRIEF = 5
_CHART_HEIGHT = 96
_BAR = 36
_STEP = _BAR + 8


@dataclass(frozen=True)
class Bar:
    """One hour of the chart, in its units."""

    hour: datetime
    count: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where the words under and over the bar are centred."""
        return self.x + _BAR // 2


def context(conference: Conference, *, now: datetime, brief: bool) -> dict[str, Any]:
    """Return what the fragments need: the counts, the chart, and the ETag they go by."""
    counted = live.snapshot(conference, now=now)
    bars = [] if brief else _bars(counted.hours(conference))
    return {
        "conference": conference,
        "live": counted,
        "last": counted.last[:_IN_BRIEF] if brief else counted.last,
        "bars": bars,
        "clashes": [(each, KINDS.get(each.kind, each.kind)) for each in counted.clashes],
        "chart_width": len(bars) * _STEP + 8,
        "every": EVERY,
        "etag": f'"{counted.version}-{get_language()}-{"brief" if brief else "whole"}"',
    }


@require_safe
def arrivals(request: ConferenceRequest) -> HttpResponse:
    """Show who has arrived; to htmx the fragment alone, or 304 if it has not changed."""
    brief = "brief" in request.GET
    found = context(request.conference, now=timezone.now(), brief=brief)
    found["may_settle"] = request.membership.role in {Role.ORGANISER, *SETTLING}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "checkin/arrivals.html", found)
    if request.headers.get("If-None-Match") == found["etag"]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, BRIEF if brief else WHOLE, found)
    response.headers["ETag"] = found["etag"]
    # The fragment asks by its own ETag: a browser's cache in between would hide the 304.
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def settle(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Mark a conflict as settled."""
    conflict = get_object_or_404(
        Conflict.objects.select_related("delegate", "conference"),
        conference=request.conference,
        pk=pk,
    )
    settling.settle(conflict=conflict, now=timezone.now(), actor=request.user)
    return redirect("checkin:arrivals", request.conference.slug)


def _bars(hours: list[tuple[datetime, int]]) -> list[Bar]:
    most = max((count for _hour, count in hours), default=0) or 1
    bars = []
    for place, (hour, count) in enumerate(hours):
        height = round(count / most * _CHART_HEIGHT)
        bars.append(Bar(hour, count, place * _STEP, _CHART_HEIGHT - height, height))
    return bars
