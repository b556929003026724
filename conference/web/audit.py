"""The history of a conference."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.models import AuditEntry


@require_safe
def audit(request: ConferenceRequest) -> HttpResponse:
    """List who did what, the latest first; ``q`` searches names, objects and deeds."""
    wanted = asked.words(request.GET, "q")
    entries = AuditEntry.objects.filter(conference=request.conference)
    if wanted:
        entries = entries.filter(
            Q(actor_label__icontains=wanted)
            | Q(object_label__icontains=wanted)
            | Q(action__icontains=wanted)
        )
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "conference/audit.html", {"page": page, "wanted": wanted})
