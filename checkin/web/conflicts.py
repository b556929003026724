"""Conflicts, for a person to settle: the scans side by side, and what may have been the case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from checkin.documents.conflicts import KINDS, kind_of, rule_of
from checkin.effective_time import instant
from checkin.models import Conflict, Scan
from checkin.operations import cursors, settling
from checkin.operations.stories import heard_scans
from checkin.web.scan_words import override_words, verdict_tone, verdict_word
from conference.access import ConferenceRequest
from conference.models import Role
from conference.venue_time import at_venue

#: Who may settle what does not fit together.
SETTLING = (Role.PROTOCOL, Role.DESK)
A_PAGE = 40
#: So many of the person's scans in the zone are shown beside the two.
_AROUND = 30


@dataclass(frozen=True)
class Shown:
    """One scan as people read it."""

    scan: Scan
    at: datetime
    clock: str
    word: str
    tone: str
    decided_word: str
    override: str
    #: As of when the list was that the phone judged by.
    list_at: datetime | None
    in_conflict: bool


class SettleForm(forms.Form):
    """What was found, in a word and in a sentence."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What was the case?"), widget=forms.RadioSelect, choices=()
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Whom you asked and what was said. It is kept with your name."),
    )

    def __init__(self, conflict: Conflict, *args: Any, **kwargs: Any) -> None:
        """Offer the outcomes that make sense for this kind."""
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (outcome.value, outcome.label[:1].upper() + outcome.label[1:])
            for outcome in kind_of(conflict.kind).outcomes
        ]


@require_safe
def conflict_list(request: ConferenceRequest) -> HttpResponse:
    """List the conflicts; those that wait unless another state is asked for."""
    everything = Conflict.objects.filter(conference=request.conference)
    state = request.GET.get("state", "")
    state = state if state in {*Conflict.State.values, "all"} else Conflict.State.OPEN.value
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    counts = dict(everything.order_by().values_list("state").annotate(number=Count("pk")))
    of_state = everything if state == "all" else everything.filter(state=state)
    kinds = dict(of_state.order_by().values_list("kind").annotate(number=Count("pk")))
    chosen = of_state.filter(kind=kind) if kind else of_state
    page = Paginator(
        chosen.select_related("delegate__delegation", "zone", "settled_by").order_by(
            "-raised_at", "pk"
        ),
        A_PAGE,
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "checkin/conflict_list.html",
        {
            "page": page,
            "rows": [(conflict, kind_of(conflict.kind).title) for conflict in page],
            "state": state,
            "kind": kind,
            "states": [
                (code, label, counts.get(code, 0)) for code, label in Conflict.State.choices
            ],
            "total": sum(counts.values()),
            "kinds": [(code, KINDS[code].title, kinds[code]) for code in KINDS if code in kinds],
        },
    )


def conflict_detail(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Show a conflict with its scans; take what a person found."""
    conflict = _conflict(request, pk)
    form = SettleForm(conflict, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if settling.settle(
            conflict=conflict, now=timezone.now(), actor=request.user, **form.cleaned_data
        ):
            messages.success(request, _("Settled."))
            return redirect("checkin:conflicts", request.conference.slug)
        messages.info(request, _("Nothing changed: it did not wait any more."))
        return redirect("checkin:conflict_detail", request.conference.slug, conflict.pk)
    named, around = _scans(conflict)
    return render(
        request,
        "checkin/conflict_detail.html",
        {
            "conflict": conflict,
            "kind": kind_of(conflict.kind),
            "rule": rule_of(conflict),
            "named": named,
            "around": around,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def conflict_undo(request: ConferenceRequest, pk: str) -> HttpResponse:
    """Let a settled conflict wait again."""
    conflict = _conflict(request, pk)
    if settling.undo(conflict=conflict, now=timezone.now(), actor=request.user):
        messages.success(request, _("It waits again."))
    else:
        messages.info(request, _("Nothing changed: it is not settled."))
    return redirect("checkin:conflict_detail", request.conference.slug, conflict.pk)


def _conflict(request: ConferenceRequest, pk: str) -> Conflict:
    return get_object_or_404(
        Conflict.objects.select_related("delegate__delegation", "zone", "conference", "settled_by"),
        conference=request.conference,
        pk=pk,
    )


def _scans(conflict: Conflict) -> tuple[list[Shown], list[Shown]]:
    """Return the scans of the conflict, and all of the person's in the zone, as they happened."""
    ids = {_uuid(each) for each in conflict.scans}
    of_person = heard_scans().filter(delegate=conflict.delegate_id, zone=conflict.zone_id)
    scans = list(
        of_person.select_related("gate", "device", "badge").order_by("effective_ms", "seq", "pk")
    )
    supervisors = dict(conflict.conference.supervisors.values_list("pk", "name"))
    zone = conflict.conference.zone
    shown = [_shown(scan, zone, supervisors, in_conflict=scan.pk in ids) for scan in scans]
    named = [each for each in shown if each.in_conflict]
    if not named:
        return [], shown[-_AROUND:]
    first = shown.index(named[0])
    start = max(0, first - _AROUND // 2)
    return named, shown[start : start + _AROUND]


def _shown(scan: Scan, zone: ZoneInfo, supervisors: dict[int, str], *, in_conflict: bool) -> Shown:
    at = instant(scan.effective_ms)
    held = cursors.read(scan.device, scan.cursor, now=scan.received_at) if scan.cursor else None
    verdict, decided = scan.verdict or "", scan.decided or ""
    return Shown(
        scan=scan,
        at=at,
        # Seconds matter here, and only here.
        clock=f"{at_venue(at, zone):%H:%M:%S}",
        word=verdict_word(verdict, scan.direction),
        tone=verdict_tone(verdict),
        decided_word=verdict_word(decided, scan.direction)
        if decided and decided != verdict
        else "",
        override=override_words(scan.override, supervisors),
        list_at=held.at if held else None,
        in_conflict=in_conflict,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
