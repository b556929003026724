"""The agenda in the delegate's own calendar: subscribed to, or taken along as a file."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delegates.access import DelegateRequest
from delegates.errors import LinkNotValid
from delegates.models import PersonalLink
from delegates.operations import linking
from sessions.documents import calendar
from sessions.documents.agenda import calendar_sessions
from sessions.models import Session
from sessions.operations import subscribing
from sessions.web.me import frame


@require_safe
def my_calendar(request: DelegateRequest) -> HttpResponse:
    """Show the secret address of the delegate's calendar and what to do with it."""
    address = subscribing.calendar_address(delegate=request.delegate, now=timezone.now())
    context = frame(request, "calendar")
    if address:
        # The scheme that phones hand to their calendar.
        context |= {"address": address, "webcal": "webcal://" + address.partition("://")[2]}
    return render(request, "sessions/my_calendar.html", context)


@require_POST
def subscribe(request: DelegateRequest) -> HttpResponse:
    """Make the calendar's address, if there is none."""
    subscribing.subscribe(delegate=request.delegate, now=timezone.now())
    return redirect("programme:my_calendar")


@require_POST
def renew(request: DelegateRequest) -> HttpResponse:
    """Make a new address and the old one useless."""
    subscribing.renew(delegate=request.delegate, now=timezone.now())
    messages.success(
        request, _("This is your new address. The old one no longer works: subscribe again.")
    )
    return redirect("programme:my_calendar")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer a calendar program: the agenda, or 304 if it has not changed since it last asked."""
    try:
        link = linking.find(token=token, purpose=PersonalLink.Purpose.CALENDAR, now=timezone.now())
    except LinkNotValid as refusal:
        raise Http404 from refusal
    delegate = link.delegate
    if delegate is None or delegate.withdrawn_at is not None:
        raise Http404
    body = calendar.of_delegate(delegate, calendar_sessions(delegate))
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = _file(body, "agenda.ics")
    response.headers["ETag"] = etag
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_cache=True)
    answer = get_conditional_response(request, etag=etag, response=response)
    assert answer is not None
    return answer


@require_safe
def agenda_file(request: DelegateRequest) -> HttpResponse:
    """Hand out the whole agenda as a file."""
    delegate = request.delegate
    body = calendar.of_delegate(delegate, calendar_sessions(delegate))
    return _download(body, f"{request.conference.slug}.ics")


@require_safe
def session_file(request: DelegateRequest, pk: int) -> HttpResponse:
    """Hand out one session as a file."""
    visible = Session.objects.for_delegates().filter(conference=request.conference)
    session = get_object_or_404(visible.select_related("room__venue"), pk=pk)
    return _download(
        calendar.of_delegate(request.delegate, [session]), f"{request.conference.slug}-{pk}.ics"
    )


def _file(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type=calendar.CONTENT_TYPE,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _download(body: bytes, name: str) -> HttpResponse:
    response = _file(body, name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
