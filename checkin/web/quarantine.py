"""Quarantine: what revoked phones brought, looked at by a person before it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from checkin.documents.conflicts import kind_of
from checkin.effective_time import instant
from checkin.fold import Fold
from checkin.models import Device, Gate, HeldScan, Zone
from checkin.operations import previewing, quarantining
from checkin.operations.previewing import Change
from checkin.web.scan_words import override_words, verdict_tone, verdict_word
from checkin.web.standing_words import standing_words
from conference.access import ConferenceRequest
from conference.models import Conference

A_PAGE = 50
#: So many scans are folded for the preview; beyond them it says that it is of the first ones.
_PREVIEWED = 2000
_LINES = 60
HELD = HeldScan.State.HELD


@dataclass(frozen=True)
class Brought:
    """One held delivery as people read it."""

    held: HeldScan
    at: datetime
    gate: Gate | None
    zone: Zone | None
    word: str
    tone: str
    override: str


@dataclass(frozen=True)
class Line:
    """What would change for one person in one zone, in words."""

    change: Change
    before: str
    after: str
    new_conflicts: list[str]
    conflicts_gone: list[str]


class ReasonForm(forms.Form):
    """Why a phone is believed, or not."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Why this phone is to be believed, or not. It is kept with your name."
        ),
    )


@require_safe
def quarantine(request: ConferenceRequest) -> HttpResponse:
    """List the revoked phones that brought scans, those that wait for a person first."""
    phones = (
        Device.objects.filter(conference=request.conference, held_scans__isnull=False)
        .select_related("gate")
        .annotate(
            waiting=Count("held_scans", filter=Q(held_scans__state=HELD)),
            accepted=Count("held_scans", filter=Q(held_scans__state=HeldScan.State.ACCEPTED)),
            rejected=Count("held_scans", filter=Q(held_scans__state=HeldScan.State.REJECTED)),
            first=Min("held_scans__effective_ms"),
            last=Max("held_scans__received_at"),
        )
        .order_by("-waiting", "-last", "name")
    )
    page = Paginator(phones, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "checkin/quarantine.html", {"page": page})


@require_safe
def quarantine_detail(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Show what one phone brought, and what would change if it counted."""
    device = _device(request, pk)
    state = request.GET.get("state", "")
    state = state if state in HeldScan.State.values else HELD.value
    brought = HeldScan.objects.filter(device=device)
    counts = dict(brought.order_by().values_list("state").annotate(number=Count("pk")))
    page = Paginator(
        brought.filter(state=state)
        .select_related("delegate__delegation", "settled_by")
        .order_by("effective_ms", "pk"),
        A_PAGE,
    ).get_page(request.GET.get("page"))
    waiting = counts.get(HELD, 0)
    return render(
        request,
        "checkin/quarantine_detail.html",
        {
            "device": device,
            "page": page,
            "rows": _rows(request.conference, list(page)),
            "state": state,
            "states": [
                (code, label, counts.get(code, 0)) for code, label in HeldScan.State.choices
            ],
            "waiting": waiting,
            "form": ReasonForm(),
            **(_preview(request.conference, device) if waiting else {}),
        },
    )


@require_POST
def quarantine_settle(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Accept or reject all that waits, or what was chosen."""
    device = _device(request, pk)
    action = request.POST.get("action", "")
    verb, _sep, which = action.partition("_")
    form = ReasonForm(request.POST)
    known = verb in {"accept", "reject"} and which in {"all", "chosen"}
    if not known or not form.is_valid():
        messages.error(
            request, _("Choose what is to be done, and give a shorter reason if it is very long.")
        )
        return redirect("checkin:quarantine_detail", request.conference.slug, device.pk)
    waiting = HeldScan.objects.filter(device=device, state=HELD)
    if which == "chosen":
        waiting = waiting.filter(pk__in=_ids(request.POST.getlist("scan")))
    settle = quarantining.accept_scans if verb == "accept" else quarantining.reject_scans
    settled = settle(
        conference=request.conference,
        scans=list(waiting.values_list("pk", flat=True)),
        now=timezone.now(),
        actor=request.user,
        reason=form.cleaned_data["reason"],
    )
    _tell(request, verb, settled)
    return redirect("checkin:quarantine_detail", request.conference.slug, device.pk)


def _tell(request: ConferenceRequest, verb: str, settled: quarantining.Settled) -> None:
    number = settled.count
    if not number and not settled.refused:
        messages.info(request, _("Nothing changed: no scan that waits was chosen."))
    elif verb == "reject":
        told = ngettext("%(count)d scan is left out.", "%(count)d scans are left out.", number)
        messages.success(request, told % {"count": number})
    elif number:
        told = ngettext("%(count)d scan counts now.", "%(count)d scans count now.", number)
        messages.success(request, told % {"count": number})
    if settled.refused:
        told = ngettext(
            "%(count)d scan cannot be accepted: another one has its number.",
            "%(count)d scans cannot be accepted: others have their numbers.",
            len(settled.refused),
        )
        messages.error(request, told % {"count": len(settled.refused)})


def _device(request: ConferenceRequest, pk: str) -> Device:
    return get_object_or_404(
        Device.objects.select_related("gate", "conference"), conference=request.conference, pk=pk
    )


def _rows(conference: Conference, held: list[HeldScan]) -> list[Brought]:
    gates = {gate.pk: gate for gate in conference.gates.all()}
    zones = {zone.pk: zone for zone in conference.zones.all()}
    supervisors = dict(conference.supervisors.values_list("pk", "name"))
    return [
        Brought(
            held=each,
            at=instant(each.effective_ms),
            gate=gates.get(each.record["gate"]),
            zone=zones.get(each.record["zone"]),
            word=verdict_word(each.record["shown"] or "", each.record["direction"]),
            tone=verdict_tone(each.record["shown"] or ""),
            override=override_words(each.record["override"], supervisors),
        )
        for each in held
    ]


def _preview(conference: Conference, device: Device) -> dict[str, Any]:
    held = HeldScan.objects.filter(device=device, state=HELD).order_by("effective_ms", "pk")
    found = previewing.preview(conference=conference, held=list(held[:_PREVIEWED]))
    return {
        "lines": [_line(conference, change) for change in found.changes[:_LINES]],
        "more_lines": max(0, len(found.changes) - _LINES),
        "persons": len({change.person.pk for change in found.changes}),
        "unchanged": found.unchanged,
        "conflicts": sum(len(change.new_conflicts) for change in found.changes),
        "of_first": _PREVIEWED if held.count() > _PREVIEWED else 0,
    }


def _line(conference: Conference, change: Change) -> Line:
    return Line(
        change=change,
        before=_in_words(conference, change.before),
        after=_in_words(conference, change.after),
        new_conflicts=[str(kind_of(each).title) for each in change.new_conflicts],
        conflicts_gone=[str(kind_of(each).title) for each in change.conflicts_gone],
    )


def _in_words(conference: Conference, folded: Fold | None) -> str:
    if folded is None:
        return _("not here yet")
    return standing_words(
        inside=folded.presence["inside"],
        in_ms=folded.presence["in_ms"],
        entries=folded.entries,
        zone=conference.zone,
    )


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
