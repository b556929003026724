"""Taking a seat, waiting for one, giving it back: one tap each, with or without a script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.bilingual import pick
from conference.errors import DomainError
from delegates.access import DelegateRequest
from sessions.errors import SessionFull
from sessions.models import Enrolment, Session
from sessions.operations import enrolling
from sessions.web.me import agenda_context


@require_POST
def take(request: DelegateRequest, pk: int) -> HttpResponse:
    """Take a seat."""
    return _answer(request, pk, enrolling.take_seat)


@require_POST
def wait(request: DelegateRequest, pk: int) -> HttpResponse:
    """Join the waiting list."""
    return _answer(request, pk, enrolling.join_waiting_list)


@require_POST
def give_back(request: DelegateRequest, pk: int) -> HttpResponse:
    """Give the seat back, or the place on the waiting list."""
    return _answer(request, pk, enrolling.give_back_seat)


def _answer(request: DelegateRequest, pk: int, deed: Callable[..., Any]) -> HttpResponse:
    """Do it and show the agenda as it then is, with one sentence about what happened."""
    session = Session.objects.for_delegates().filter(pk=pk, conference=request.conference).first()
    if session is None:
        raise Http404
    told: dict[str, Any] = {"told_about": pk}
    status = 200
    try:
        outcome = deed(session_id=pk, delegate_id=request.delegate.pk, now=timezone.now())
    except DomainError as refusal:
        told["refusal"], status = _sentence(refusal), refusal.status
    else:
        told["done"] = _done(outcome, session)
    if request.headers.get("HX-Request"):
        return render(request, "sessions/_days.html", agenda_context(request) | told, status=status)
    if "done" in told:
        messages.success(request, told["done"])
        return redirect(f"{reverse('programme:my_agenda')}#session-{pk}")
    return render(request, "sessions/my_agenda.html", agenda_context(request) | told, status=status)


def _sentence(refusal: DomainError) -> str:
    if isinstance(refusal, SessionFull):
        return _("The last seat has just been taken. You can join the waiting list.")
    return str(refusal)


def _done(outcome: Enrolment | Session, session: Session) -> str:
    title = {"title": pick(session, "title", get_language())}
    if not isinstance(outcome, Enrolment):
        return _("Given back: %(title)s.") % title
    if outcome.state == Enrolment.State.WAITING:
        return _("You are on the waiting list: %(title)s. We write when a seat comes free.") % title
    return _("You have a seat: %(title)s.") % title
