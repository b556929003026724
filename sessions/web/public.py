"""The programme for everybody."""

from datetime import date

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference.models import Conference
from sessions.models import Appearance, Session


@require_safe
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is published for everybody, day by day."""
    conference = get_object_or_404(Conference.objects.published(), slug=slug)
    appearances = Appearance.objects.select_related("speaker").order_by("order", "pk")
    sessions = (
        Session.objects.public()
        .filter(conference=conference)
        .select_related("room__venue")
        .prefetch_related(Prefetch("appearances", queryset=appearances))
    )
    days: dict[date, list[Session]] = {}
    for session in sessions:
        days.setdefault(session.starts_at.astimezone(conference.zone).date(), []).append(session)
    context = {
        "conference": conference,
        "days": sorted(days.items()),
        "release": conference.releases.first(),
        "uncertain_venues": conference.venues.filter(uncertain=True),
        "now": timezone.now(),
    }
    return render(request, "sessions/public.html", context)
