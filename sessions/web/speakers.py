"""Who has which part in a session."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import ConferenceRequest
from sessions.models import Appearance, Session
from sessions.operations import appearing
from sessions.web.forms import SpeakerForm


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Ask who, in which part, and add it to the session."""
    session = get_object_or_404(Session, conference=request.conference, pk=pk)
    form = SpeakerForm(
        request.POST if request.method == "POST" else None, conference=request.conference
    )
    if request.method == "POST" and form.is_valid():
        appearance = appearing.add_appearance(
            session=session,
            speaker=form.chosen(),
            part=form.cleaned_data["part"],
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Added: %(who)s.") % {"who": appearance.speaker})
        return redirect("programme:session_detail", request.conference.slug, pk)
    status = 422 if form.is_bound else 200
    context = {"session": session, "form": form}
    return render(request, "sessions/speaker_form.html", context, status=status)


@require_POST
def remove(request: ConferenceRequest, pk: int, appearance: int) -> HttpResponse:
    """Take somebody's part away."""
    found = get_object_or_404(
        Appearance.objects.select_related("session__conference", "speaker"),
        pk=appearance,
        session=pk,
        session__conference=request.conference,
    )
    appearing.remove_appearance(appearance=found, actor=request.user, now=timezone.now())
    messages.success(request, _("Removed: %(who)s.") % {"who": found.speaker})
    return redirect("programme:session_detail", request.conference.slug, pk)
