"""Arrivals as they happen: one fragment for the page, a shorter one for the overview.

Both ask every two seconds; what has not changed is answered by 304, and all watchers share one
count a second.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from checkin import live
from conference.access import ConferenceRequest
from conference.models import Conference

EVERY = "2s"
BRIEF = "checkin/_arrivals_brief.html"
WHOLE = "checkin/_arrivals.html"
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
        "chart_width": len(bars) * _STEP + 8,
        "every": EVERY,
        "etag": f'"{counted.version}-{get_language()}-{"brief" if brief else "whole"}"',
    }


@require_safe
def arrivals(request: ConferenceRequest) -> HttpResponse:
    """Show who has arrived; to htmx the fragment alone, or 304 if it has not changed."""
    brief = "brief" in request.GET
    found = context(request.conference, now=timezone.now(), brief=brief)
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


def _bars(hours: list[tuple[datetime, int]]) -> list[Bar]:
    most = max((count for _hour, count in hours), default=0) or 1
    bars = []
    for place, (hour, count) in enumerate(hours):
        height = round(count / most * _CHART_HEIGHT)
        bars.append(Bar(hour, count, place * _STEP, _CHART_HEIGHT - height, height))
    return bars
