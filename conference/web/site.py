"""The public front page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from conference.models import Conference


def home(request: HttpRequest) -> HttpResponse:
    """Show the edition that is on, next or last, and the others of its series."""
    editions = list(
        Conference.objects.published().filter(rehearsal_of=None).select_related("series")
    )
    return render(
        request,
        "conference/home.html",
        {
            "featured": _featured(editions),
            "editions": editions,
            "demo": settings.PLENARY_DEMO,
        },
    )


def _featured(editions: list[Conference]) -> Conference | None:
    """Return the soonest edition that is not over, else the latest one."""
    now = timezone.now()
    ahead = [edition for edition in editions if not edition.is_over(now)]
    if ahead:
        return min(ahead, key=lambda edition: edition.first_day)
    return editions[0] if editions else None
