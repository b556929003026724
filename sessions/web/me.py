"""A delegate's own pages: the pass, the days, and the way in by a personal link."""

from typing import Any
from zoneinfo import available_timezones

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.documents.qr import qr_svg_inline
from conference.operations import inbox
from conference.venue_time import zone_name
from delegates import access
from delegates.access import DelegateRequest
from delegates.errors import NoValidBadge
from delegates.models import Accreditation, Delegate
from delegates.operations import badging
from sessions.documents.agenda import agenda_of

_HOME_ZONE_KEY = "home_zone"
#: Offered beside the delegate's own.
HOME_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Paris",
    "Australia/Sydney",
)


@require_safe
def me(request: DelegateRequest) -> HttpResponse:
    """Show where the delegate has to be now, the pass, and the day."""
    delegate = request.delegate
    now = timezone.now()
    agenda = agenda_of(delegate, now=now)
    today = delegate.conference.today(now)
    day = next((day for day in agenda.days if day.date >= today), None)
    shown = {
        "agenda": agenda,
        "day": day,
        "choices": sum(item.may_take for item in day.items) if day else 0,
        "is_today": any(day.date == today for day in agenda.days),
        "accreditation": accreditation_of(delegate),
        "others": _others(request),
    }
    return render(request, "sessions/me.html", frame(request, "pass") | shown | _pass(delegate))


@require_safe
def my_agenda(request: DelegateRequest) -> HttpResponse:
    """Show all days: what is for everybody, the delegate's seats, and what can be chosen."""
    return render(request, "sessions/my_agenda.html", agenda_context(request))


def agenda_context(request: DelegateRequest) -> dict[str, Any]:
    """Return what the agenda page and its fragment show."""
    accreditation = accreditation_of(request.delegate)
    return frame(request, "agenda") | {
        "agenda": agenda_of(request.delegate, now=timezone.now()),
        "may_enrol": accreditation is not None
        and accreditation.state == Accreditation.State.APPROVED,
        "home_zones": _offered_zones(request.delegate),
    }


@require_POST
def home_time(request: DelegateRequest) -> HttpResponse:
    """Remember in this browser whether to show home time, and of which zone."""
    zone = request.POST.get("zone", "")
    if zone in available_timezones():
        request.session[_HOME_ZONE_KEY] = zone
    else:
        request.session.pop(_HOME_ZONE_KEY, None)
    return redirect("programme:my_agenda")


@require_POST
def choose(request: DelegateRequest) -> HttpResponse:
    """Show another conference in which the same user is a delegate."""
    for delegate in access.my_delegates(request):
        if str(delegate.pk) == request.POST.get("delegate"):
            access.choose(request, delegate)
            return redirect("programme:me")
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: DelegateRequest) -> HttpResponse:
    """Show whose link this is; only the button opens the pages (mail scanners follow links)."""
    if request.method == "POST" and request.link is not None:
        access.enter(request, request.link)
        return redirect("programme:me")
    context = {"conference": request.conference, "delegate": request.delegate}
    return render(request, "sessions/me_link.html", context)


def frame(request: DelegateRequest, current: str) -> dict[str, Any]:
    """Return what every page of the delegate shows: whose it is, the tabs, home time if asked."""
    tabs = (
        ("pass", _("Pass"), "programme:me", "badge"),
        ("agenda", _("Agenda"), "programme:my_agenda", "programme"),
        ("calendar", _("Calendar"), "programme:my_calendar", "calendar"),
        ("inbox", _("Inbox"), "programme:inbox", "mail"),
    )
    unread = inbox.unread(
        conference=request.conference, whose=whose(request.delegate), now=timezone.now()
    )
    return {
        "conference": request.conference,
        "delegate": request.delegate,
        "home_zone": _home_zone(request),
        "unread": unread,
        "tabs": [
            {
                "label": label,
                "url": reverse(url),
                "icon": icon,
                "current": code == current,
                "count": unread if code == "inbox" else 0,
            }
            for code, label, url, icon in tabs
        ],
    }


def whose(delegate: Delegate) -> str:
    """Return the name by which the outbox knows this delegate as a recipient."""
    return f"delegate:{delegate.pk}"


def accreditation_of(delegate: Delegate) -> Accreditation | None:
    """Return the decision about the delegate, or None if nobody has asked for one yet."""
    return Accreditation.objects.filter(delegate=delegate).select_related("badge_class").first()


def _pass(delegate: Delegate) -> dict[str, Any]:
    try:
        badge = badging.valid_badge_of(delegate)
    except NoValidBadge:
        return {"badge": None}
    badge.conference = delegate.conference
    text = badging.badge_code_text(badge)
    label = _("QR code of your badge")
    return {"badge": badge, "qr": mark_safe(qr_svg_inline(text, label=label))}  # noqa: S308


def _others(request: DelegateRequest) -> list[Delegate]:
    """Return the same user's other conferences, unless a link opened just this one."""
    if request.link is not None:
        return []
    return [one for one in access.my_delegates(request) if one.pk != request.delegate.pk]


def _home_zone(request: DelegateRequest) -> str:
    """Return the zone to show beside venue time, or nothing unless it was asked for."""
    kept: str = request.session.get(_HOME_ZONE_KEY, "")
    if kept or request.GET.get("home") != "1":
        return kept
    return _own_zone(request.delegate) or request.conference.timezone


def _own_zone(delegate: Delegate) -> str:
    if delegate.home_timezone in available_timezones():
        return delegate.home_timezone
    locality = delegate.delegation.locality
    return locality.timezone if locality else ""


def _offered_zones(delegate: Delegate) -> list[dict[str, str]]:
    own = _own_zone(delegate)
    zones = dict.fromkeys([own, *HOME_ZONES] if own else HOME_ZONES)
    return [{"zone": zone, "name": zone_name(zone, get_language())} for zone in zones]
