"""The console of devices: made, set up by a one-time code, moved, suspended, revoked."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkin.errors import ZoneNotServed
from checkin.live.doors import SILENT_AFTER, state_of
from checkin.models import Device, HeldScan
from checkin.operations import changing_devices, enrolling_devices
from checkin.operations.enrolling_devices import Issued
from checkin.operations.handing_out import LEASE_MS
from checkin.web.device_forms import DeviceForm
from conference.access import ConferenceRequest
from conference.documents.qr import qr_svg_inline
from conference.errors import DomainError

A_PAGE = 50
#: How long a phone keeps its list without a sign from the server; then it locks.
LEASE = timedelta(milliseconds=LEASE_MS)
_CLOCK_MAY_BE_OFF_MS = 60_000
_LOW_BATTERY = 20
STATES = {
    "working": (pgettext_lazy("device", "working"), "good"),
    "silent": (pgettext_lazy("device", "silent"), "warn"),
    "resting": (pgettext_lazy("device", "shift ended"), "closed"),
    "waiting": (pgettext_lazy("device", "waiting to be set up"), "waiting"),
    "suspended": (pgettext_lazy("device", "suspended"), "warn"),
    "expired": (pgettext_lazy("device", "expired"), "closed"),
    "revoked": (pgettext_lazy("device", "revoked"), "closed"),
}


@require_safe
def device_list(request: ConferenceRequest) -> HttpResponse:
    """List the devices with gate, state and last sign of life, and the doors they stand at."""
    conference, now = request.conference, timezone.now()
    devices = Device.objects.filter(conference=conference).select_related("gate")
    ended = "ended" in request.GET
    page = Paginator(
        devices.filter(revoked_at__isnull=not ended).order_by("gate__order", "name"), A_PAGE
    ).get_page(request.GET.get("page"))
    gates = list(conference.gates.prefetch_related("zones"))
    return render(
        request,
        "checkin/device_list.html",
        {
            "page": page,
            "rows": [_row(device, now) for device in page],
            "ended": ended,
            "gates": gates,
            "zones": list(conference.zones.prefetch_related("open_to")),
        },
    )


def device_new(request: ConferenceRequest) -> HttpResponse:
    """Make a device and show its one-time code, this once."""
    form = DeviceForm(request.conference, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = enrolling_devices.create_device(
                conference=request.conference,
                now=timezone.now(),
                actor=request.user,
                **form.values(),
            )
        except ZoneNotServed:
            form.add_error("zones", _("The gate does not lead into all of these areas."))
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _code_page(request, issued)
    return render(
        request, "checkin/device_new.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def device_detail(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Show a device: where it stands, what it may do, how it was last heard of."""
    device = _device(request, pk)
    return render(
        request,
        "checkin/device_detail.html",
        {
            "device": device,
            "row": _row(device, timezone.now()),
            "held": device.held_scans.filter(state=HeldScan.State.HELD).count(),
            "trail": _trail(request),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def device_edit(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Give a device another name, place, reach or last day."""
    device = _device(request, pk)
    form = DeviceForm(request.conference, request.POST or None, device=device)
    if request.method == "POST" and form.is_valid():
        try:
            changing_devices.change_device(
                device=device, now=timezone.now(), actor=request.user, **form.values()
            )
        except ZoneNotServed:
            form.add_error("zones", _("The gate does not lead into all of these areas."))
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            name = form.cleaned_data["name"]
            messages.success(request, _("Saved: %(name)s.") % {"name": name})
            return redirect("checkin:device_detail", request.conference.slug, device.pk)
    return render(
        request,
        "checkin/device_edit.html",
        {"device": device, "form": form, "trail": _trail(request, device)},
        status=422 if form.errors else 200,
    )


@require_POST
def device_code(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Show a new one-time code for the device; the former one is void."""
    device = _device(request, pk)
    try:
        issued = enrolling_devices.renew_code(device=device, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("checkin:device_detail", request.conference.slug, device.pk)
    return _code_page(request, issued)


@require_POST
def device_suspend(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Lock the device for now, or let it work again."""
    device, now = _device(request, pk), timezone.now()
    try:
        if device.suspended_at:
            enrolling_devices.resume(device=device, now=now, actor=request.user)
            messages.success(request, _("%(name)s works again.") % {"name": device})
        else:
            enrolling_devices.suspend(device=device, now=now, actor=request.user)
            messages.success(request, _("%(name)s is suspended.") % {"name": device})
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("checkin:device_detail", request.conference.slug, device.pk)


@require_POST
def device_revoke(request: ConferenceRequest, pk: str) -> HttpResponse:
    """End the device for good."""
    device = _device(request, pk)
    enrolling_devices.revoke(device=device, now=timezone.now(), actor=request.user)
    messages.success(
        request,
        _("%(name)s is revoked. It wipes what it holds as soon as it is heard of.")
        % {"name": device},
    )
    return redirect("checkin:device_list", request.conference.slug)


def _device(request: ConferenceRequest, pk: str) -> Device:
    return get_object_or_404(
        Device.objects.select_related("gate", "conference"), conference=request.conference, pk=pk
    )


def _row(device: Device, now: datetime) -> dict[str, object]:
    state = state_of(device, now)
    word, tone = STATES[state]
    may = dict(Device.Capability.choices)
    seen = device.last_seen_at
    locks_at = seen + LEASE if seen and device.token_hash else None
    offset_ms = device.clock_offset_ms or 0
    return {
        "device": device,
        "state": state,
        "word": word,
        "tone": tone,
        "may": [may[each] for each in device.capabilities if each in may],
        "clock_off_s": round(abs(offset_ms) / 1000),
        "clock_is_behind": offset_ms < 0,
        "clock_is_off": abs(offset_ms) > _CLOCK_MAY_BE_OFF_MS,
        "locks_at": locks_at,
        "is_locked": locks_at is not None and locks_at <= now,
        "list_is_old": _is_old(device, now),
        "battery_is_low": device.battery is not None and device.battery < _LOW_BATTERY,
    }


def _is_old(device: Device, now: datetime) -> bool:
    """Return whether a working phone has not asked for news for long."""
    taken = device.snapshot_at
    return taken is not None and now - taken > SILENT_AFTER


def _trail(request: ConferenceRequest, device: Device | None = None) -> list[dict[str, str]]:
    slug = request.conference.slug
    steps = [{"label": _("Devices and gates"), "url": reverse("checkin:device_list", args=[slug])}]
    if device is not None:
        url = reverse("checkin:device_detail", args=[slug, device.pk])
        steps.append({"label": device.name, "url": url})
    return steps


def _code_page(request: ConferenceRequest, issued: Issued) -> HttpResponse:
    """Show the code; it is in no address, so nothing but this page ever holds it."""
    response = render(
        request,
        "checkin/device_code.html",
        {
            "device": issued.device,
            "address": issued.address,
            "code": issued.code,
            "qr": qr_svg_inline(issued.address, label=_("Set-up code of the device")),
            "expires_at": issued.device.enrolment_expires_at,
        },
        status=201,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
