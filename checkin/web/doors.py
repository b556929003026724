"""Zones with their rules, in words, the gates that lead into them, and doors in one press."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkin.models import Gate, Zone, ZoneGrant
from checkin.operations import opening, zoning
from checkin.web.door_forms import GateForm, ZoneForm
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from sessions.models import Session

#: So many single people are named on a zone's page.
_NAMED = 60


def zone_edit(request: ConferenceRequest, pk: int | None = None) -> HttpResponse:
    """Make a zone or change its rules."""
    conference = request.conference
    zone = get_object_or_404(Zone, conference=conference, pk=pk) if pk else None
    form = ZoneForm(conference, request.POST or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            saved = zoning.save_zone(
                conference=conference,
                zone=zone,
                rules=form.rules(),
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error("name_en", str(refusal))
        else:
            name = pick(saved, "name", get_language())
            messages.success(request, _("The zone %(name)s is saved.") % {"name": name})
            return redirect("checkin:device_list", conference.slug)
    grants = ZoneGrant.objects.filter(zone=zone).select_related("delegate__delegation")
    return _page(
        request,
        "checkin/zone_edit.html",
        form,
        zone=zone,
        grants=grants.order_by("pk")[:_NAMED],
        named=_NAMED,
    )


def gate_edit(request: ConferenceRequest, pk: int | None = None) -> HttpResponse:
    """Make a gate or change where it leads."""
    conference = request.conference
    gate = get_object_or_404(Gate, conference=conference, pk=pk) if pk else None
    form = GateForm(conference, request.POST or None, gate=gate)
    if request.method == "POST" and form.is_valid():
        try:
            saved = zoning.save_gate(
                conference=conference,
                gate=gate,
                now=timezone.now(),
                actor=request.user,
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error("name_en", str(refusal))
        else:
            name = pick(saved, "name", get_language())
            messages.success(request, _("The gate %(name)s is saved.") % {"name": name})
            return redirect("checkin:device_list", conference.slug)
    return _page(request, "checkin/gate_edit.html", form, gate=gate)


@require_safe
def session_doors(request: ConferenceRequest) -> HttpResponse:
    """List the sessions with their doors; each without one gets it in one press."""
    conference = request.conference
    sessions = conference.sessions.taking_place().select_related("room__venue")
    return render(
        request,
        "checkin/session_doors.html",
        {
            "sessions": sessions.prefetch_related("zones"),
            "has_lounge": conference.zones.filter(name_en=opening.LOUNGE_EN).exists(),
            "lead": opening.LEAD_MINUTES,
            "trail": _trail(request),
        },
    )


@require_POST
def session_door(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Make the door of a session, as the programme has it."""
    session = get_object_or_404(
        Session.objects.select_related("conference", "room"), conference=request.conference, pk=pk
    )
    try:
        zone = opening.open_session_door(session=session, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        name = pick(zone, "name", get_language())
        messages.success(request, _("The door of %(name)s is made.") % {"name": name})
    return redirect("checkin:session_doors", request.conference.slug)


@require_POST
def lounge(request: ConferenceRequest) -> HttpResponse:
    """Make the VIP lounge and open it to every VIP."""
    try:
        zone = opening.open_lounge(
            conference=request.conference, now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("checkin:session_doors", request.conference.slug)
    return redirect("checkin:zone_edit", request.conference.slug, zone.pk)


@require_POST
def zone_vips(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Open a zone to every VIP who may not enter it yet."""
    zone = get_object_or_404(Zone, conference=request.conference, pk=pk)
    count = opening.open_to_vips(zone=zone, now=timezone.now(), actor=request.user)
    messages.success(
        request,
        ngettext("Opened to %(count)d more VIP.", "Opened to %(count)d more VIPs.", count)
        % {"count": count},
    )
    return redirect("checkin:zone_edit", request.conference.slug, zone.pk)


def _trail(request: ConferenceRequest) -> list[dict[str, str]]:
    url = reverse("checkin:device_list", args=[request.conference.slug])
    return [{"label": _("Devices and gates"), "url": url}]


def _page(
    request: ConferenceRequest, template: str, form: forms.Form, **known: Any
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "trail": _trail(request), **known},
        status=422 if form.errors else 200,
    )
