"""Making, changing and cancelling a session."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from sessions.errors import CapacityTooSmall, EndsBeforeItStarts, RoomTaken
from sessions.models import Session
from sessions.operations import scheduling
from sessions.web.forms import CancelForm, SessionForm

_FIELD_OF: dict[type[DomainError], str] = {
    RoomTaken: "room",
    CapacityTooSmall: "capacity",
    EndsBeforeItStarts: "ends_at",
}


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: ConferenceRequest) -> HttpResponse:
    """Ask about a session and put it on the programme, unpublished."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change a session."""
    sessions = Session.objects.taking_place().select_related("conference")
    return _edit(request, get_object_or_404(sessions, conference=request.conference, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Ask for the reason and cancel the session; everybody with a seat is told."""
    session = get_object_or_404(
        Session.objects.taking_place(), conference=request.conference, pk=pk
    )
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        scheduling.cancel_session(
            session_id=pk, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Cancelled. Everybody with a seat is told by mail."))
        return redirect("programme:session_detail", request.conference.slug, pk)
    context = {"session": session, "form": form, "told": session.enrolments.count()}
    status = 422 if form.is_bound else 200
    return render(request, "sessions/session_cancel.html", context, status=status)


def _edit(request: ConferenceRequest, session: Session | None) -> HttpResponse:
    conference = request.conference
    # The form speaks the venue's time, whatever the server's zone is.
    with timezone.override(conference.zone):
        initial = _said_by(session) if session else {"starts_at": _morning_of(request)}
        form = SessionForm(
            request.POST if request.method == "POST" else None,
            conference=conference,
            initial=initial,
        )
        if request.method == "POST" and form.is_valid():
            try:
                saved = _save(request, session, form.cleaned_data)
            except DomainError as refusal:
                field = _FIELD_OF.get(type(refusal))
                form.add_error(field, _sentence(refusal, form.cleaned_data, session))
            else:
                messages.success(request, _("Saved."))
                return redirect("programme:session_detail", conference.slug, saved.pk)
        context = {"session": session, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "sessions/session_form.html", context, status=status)


def _save(request: ConferenceRequest, session: Session | None, said: dict[str, Any]) -> Session:
    now = timezone.now()
    if session is None:
        return scheduling.create_session(
            conference=request.conference, actor=request.user, now=now, **said
        )
    return scheduling.change_session(session_id=session.pk, actor=request.user, now=now, **said)


def _said_by(session: Session) -> dict[str, Any]:
    names = SessionForm.base_fields
    return {name: getattr(session, name) for name in names}


def _morning_of(request: ConferenceRequest) -> datetime:
    return datetime.combine(
        request.conference.first_day, time(hour=9), tzinfo=request.conference.zone
    )


def _sentence(refusal: DomainError, said: dict[str, Any], session: Session | None) -> str:
    if not isinstance(refusal, RoomTaken):
        return str(refusal)
    in_the_way = scheduling.occupants(
        room=said["room"],
        starts_at=said["starts_at"],
        ends_at=said["ends_at"],
        besides=session,
    )
    titles = _(", ").join(pick(other, "title", get_language()) for other in in_the_way)
    return _("This room is taken at that time by: %(titles)s.") % {"titles": titles}
