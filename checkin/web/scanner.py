"""The scanner: one page for a phone at a gate, its service worker and its manifest."""

from typing import Any

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkin.models import Device, Gate
from checkin.operations import enrolling_devices
from checkin.operations.snapshotting import words as both
from checkin.web import scanner_files
from checkin.web.scanner_words import words
from conference import home_screen
from conference.errors import DomainError
from conference.models import Conference, Membership, Role

AT_THE_GATES = (Role.ORGANISER, Role.DESK)
# The vendored decoder is WebAssembly; nothing else may be compiled from data.
WASM = "'wasm-unsafe-eval'"
#: The scanner's own version: phones report it with their signs of life.
APP = "2.0.0"


@require_safe
@csp_update({"script-src": [WASM]})
def scanner(request: HttpRequest) -> HttpResponse:
    """Show the scanner: the same page for everybody, as phones keep it to start without a line."""
    answer = HttpResponse(_page(get_language() or settings.LANGUAGE_CODE))
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker with the list of what it keeps."""
    shells = {code: _page(code) for code, _name in settings.LANGUAGES}
    script = scanner_files.worker_script(
        page=reverse("checkin:scanner"),
        shells=shells,
    )
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def gates(request: HttpRequest) -> JsonResponse:
    """Return where the signed-in person may work, and what their last press came to."""
    found = _choices(request)
    answer = JsonResponse(
        {
            "signed_in": request.user.is_authenticated,
            "csrf": get_token(request),
            "conferences": found,
            "messages": [str(each) for each in messages.get_messages(request)],
        }
    )
    add_never_cache_headers(answer)
    return answer


@require_POST
def work_here(request: HttpRequest) -> HttpResponse:
    """Make this phone a device at the chosen gate, and lead back with its one-time code."""
    gate = Gate.objects.select_related("conference").filter(pk=_gate_of(request)).first()
    if gate is None or not _may_work_at(request, gate.conference):
        messages.error(request, _("You do not work at that gate. Ask the organiser."))
        return redirect("checkin:scanner")
    now = timezone.now()
    try:
        issued = enrolling_devices.create_device(
            conference=gate.conference,
            gate=gate,
            name=_name_for(request, gate),
            capabilities=[Device.Capability.SCAN, Device.Capability.DESK],
            now=now,
            actor=request.user,  # type: ignore[arg-type]
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("checkin:scanner")
    return redirect(f"{reverse('checkin:scanner')}#e={issued.code}")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the scanner to the phone that installs it."""
    return home_screen.manifest(
        home=reverse("checkin:scanner"),
        name=_("Plenary check-in"),
        color="#10221c",
        short_name=_("Check-in"),
        orientation="portrait",
        icons=[home_screen.maskable()],
    )


class _GateForm(forms.Form):
    gate = forms.IntegerField()


def _gate_of(request: HttpRequest) -> int:
    form = _GateForm(request.POST)
    return int(form.cleaned_data["gate"]) if form.is_valid() else 0


def _may_work_at(request: HttpRequest, conference: Conference) -> bool:
    return Membership.objects.filter(
        conference=conference, user=request.user.pk, role__in=AT_THE_GATES
    ).exists()


def _name_for(request: HttpRequest, gate: Gate) -> str:
    """Return a name that no device of the conference has yet: who, where, the how manyth."""
    person = str(request.user)[:60]
    taken = set(
        Device.objects.filter(
            conference=gate.conference_id, name__startswith=person, revoked_at=None
        ).values_list("name", flat=True)
    )
    number = next(n for n in range(1, len(taken) + 2) if f"{person} {n}" not in taken)
    return f"{person} {number}"


def _choices(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the gates at which the signed-in person may work, by conference, nearest first."""
    if not request.user.is_authenticated:
        return []
    conferences = (
        Conference.objects.filter(
            memberships__user=request.user, memberships__role__in=AT_THE_GATES
        )
        .prefetch_related("gates")
        .order_by("-first_day")
    )
    now = timezone.now()
    return [
        {
            "name": both(each, "name"),
            "rehearsal": each.is_rehearsal,
            "gates": [{"id": gate.pk, "name": both(gate, "name")} for gate in each.gates.all()],
        }
        for each in conferences
        if not each.is_over(now) and each.gates.all()
    ]


def _page(language: str) -> str:
    """Return the page in a language; nothing in it depends on who asks."""
    with override(language):
        return render_to_string(
            "checkin/scanner.html",
            {
                "words": words(),
                "setup": {
                    "api": reverse("checkin_api:scan").removesuffix("scan/"),
                    "app": APP,
                    "gates": reverse("checkin:gates"),
                    "language": language,
                    "language_cookie": settings.LANGUAGE_COOKIE_NAME,
                    "page": reverse("checkin:scanner"),
                    "wasm": static("vendor/zxing-wasm/zxing_reader.wasm"),
                    "work_here": reverse("checkin:work_here"),
                    "worker": reverse("checkin:service_worker"),
                },
            },
        )
