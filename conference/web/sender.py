"""How recipients' servers see the sender: a part of other pages, which comes a little later."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from conference.access import ConferenceRequest
from conference.operations import sender_domain

#: Forms that send letters, by the names under which pages hold a place for their tick.
_TICKS = ("start", "schedule", "resume", "send")


@require_http_methods(["GET", "HEAD", "POST"])
def sender(request: ConferenceRequest) -> HttpResponse:
    """Show what the DNS says; a POST asks it anew. Without htmx it is a page of its own."""
    look = sender_domain.look_again if request.method == "POST" else sender_domain.look
    picture = look(now=timezone.now())
    if not request.headers.get("HX-Request"):
        if request.method == "POST":
            return redirect("conference:sender", request.conference.slug)
        return render(request, "conference/sender/page.html", {"picture": picture})
    asked = request.GET.getlist("tick")
    ticks = [name for name in _TICKS if name in asked]
    return render(
        request,
        "conference/sender/_panel.html",
        {
            "picture": picture,
            "ticks": "&".join(f"tick={name}" for name in ticks),
            "ticks_of": ticks,
        },
    )
