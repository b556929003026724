"""The public page of one edition: what, when, where, who speaks, how to get in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conference.models import Conference
from sessions.models import Session, Speaker


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a published conference with its hosts, highlights, speakers and sourced facts."""
    conference = get_object_or_404(
        Conference.objects.published().select_related("series"), slug=slug
    )
    highlights = (
        Session.objects.filter(conference=conference)
        .public()
        .taking_place()
        .select_related("room")
        .exclude(kind__in=[Session.Kind.TRANSFER, Session.Kind.MEAL])[:6]
    )
    return render(
        request,
        "sessions/edition.html",
        {
            "conference": conference,
            "hosts": conference.hosts.all(),
            "facts": conference.facts.all(),
            "venues": conference.venues.all(),
            "speakers": Speaker.objects.filter(conference=conference),
            "highlights": highlights,
            "siblings": Conference.objects.published()
            .filter(series=conference.series, rehearsal_of=None)
            .exclude(pk=conference.pk),
        },
    )
