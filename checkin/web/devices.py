"""The console of devices: made, set up by a one-time code, suspended, revoked."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from checkin.models import Device, Gate
from checkin.operations import enrolling_devices
from checkin.operations.enrolling_devices import Issued
from conference.access import ConferenceRequest
from conference.documents.qr import qr_svg_inline
from conference.errors import DomainError
from conference.models import Conference

A_PAGE = 50
#: A phone says that it is there every five minutes; after this long it counts as silent.
SILENT_AFTER = timedelta(minutes=7)
STATES = {
    "working": (pgettext_lazy("device", "working"), "good"),
    "silent": (pgettext_lazy("device", "silent"), "warn"),
    "waiting": (pgettext_lazy("device", "waiting to be set up"), "waiting"),
    "suspended": (pgettext_lazy("device", "suspended"), "warn"),
    "expired": (pgettext_lazy("device", "expired"), "closed"),
    "revoked": (pgettext_lazy("device", "revoked"), "closed"),
}


class GateChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A gate, named in the reader's language."""

    def label_from_instance(self, obj: Gate) -> str:
        """Return both names."""
        return " · ".join(name for name in (obj.name_en, obj.name_zh) if name)


class DeviceForm(forms.Form):
    """A new device: its name, its gate, what it may do."""

    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=80,
        help_text=gettext_lazy("What the phone is called in this list, such as North door 2."),
    )
    gate = GateChoice(label=gettext_lazy("Gate"), queryset=Gate.objects.none())
    capabilities = forms.MultipleChoiceField(
        label=pgettext_lazy("device", "May"),
        choices=Device.Capability.choices,
        initial=[Device.Capability.SCAN],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, conference: Conference, *args: object, **kwargs: object) -> None:
        """Offer the gates of this conference."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["gate"].queryset = conference.gates.all()  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """Another name for a device."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)


def state_of(device: Device, now: datetime) -> str:
    """Return the one word for how a device stands at ``now``, a key of ``STATES``."""
    if device.revoked_at:
        return "revoked"
    if device.suspended_at:
        return "suspended"
    if device.valid_until <= now:
        return "expired"
    if device.token_hash is None:
        return "waiting"
    seen = device.last_seen_at
    return "silent" if seen is None or now - seen > SILENT_AFTER else "working"


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
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _code_page(request, issued)
    return render(
        request, "checkin/device_new.html", {"form": form}, status=422 if form.errors else 200
    )


def device_detail(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Show a device; take another name for it."""
    device = _device(request, pk)
    form = NameForm(request.POST or None, initial={"name": device.name})
    if request.method == "POST" and form.is_valid():
        try:
            enrolling_devices.rename(
                device=device,
                name=form.cleaned_data["name"],
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The device is now called %(name)s.") % {"name": device})
            return redirect("checkin:device_detail", request.conference.slug, device.pk)
    return render(
        request,
        "checkin/device_detail.html",
        {"device": device, "row": _row(device, timezone.now()), "form": form},
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
    messages.success(request, _("%(name)s is revoked. It wipes what it holds.") % {"name": device})
    return redirect("checkin:device_list", request.conference.slug)


def _device(request: ConferenceRequest, pk: str) -> Device:
    return get_object_or_404(
        Device.objects.select_related("gate", "conference"), conference=request.conference, pk=pk
    )


def _row(device: Device, now: datetime) -> dict[str, object]:
    state = state_of(device, now)
    word, tone = STATES[state]
    may = dict(Device.Capability.choices)
    return {
        "device": device,
        "state": state,
        "word": word,
        "tone": tone,
        "may": [may[each] for each in device.capabilities if each in may],
        "clock_is_off": abs(device.clock_offset_ms or 0) > 60_000,
    }


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
