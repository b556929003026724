"""Alerts for whoever is on duty: what waits first, live, with who has seen what.

The list asks again every few seconds; what has not changed is answered by 304.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from checkin.documents import alerts as words
from checkin.models import Alert, Recount
from checkin.operations import seeing
from checkin.operations.watching import LASTING
from conference.access import ConferenceRequest
from conference.models import Conference, Role

#: Who is told of alerts: a blocked person's name is not for everybody.
WATCHING = (Role.PROTOCOL, Role.DESK)
#: Who may also look at phones and recounts.
RUNNING_DOORS = (Role.ORGANISER, Role.DESK)
EVERY = "4s"
A_PAGE = 40
_TONES = {
    Alert.Kind.VIP_ARRIVAL: "info",
    Alert.Kind.BLOCKED_PERSON: "bad",
    Alert.Kind.OVERRIDE_WITHOUT_CAPABILITY: "bad",
    Alert.Kind.RECOUNT: "bad",
    Alert.Kind.QUARANTINE: "waiting",
}
#: What is shown: unseen, what still lasts, or everything.
SHOWS = {"unseen": _("Not seen yet"), "lasting": _("Still going on"), "all": _("All")}


@dataclass(frozen=True)
class Row:
    """One alert as the list shows it."""

    alert: Alert
    tone: str
    detail: str
    url: str
    lasts: bool


@require_safe
def alert_list(request: ConferenceRequest) -> HttpResponse:
    """Show the alerts; to htmx the fragment alone, or 304 if it has not changed."""
    found = _found(request.conference, request.GET, request.membership.role)
    if not request.htmx:  # type: ignore[attr-defined]
        last = Recount.objects.filter(conference=request.conference).order_by("-pk").first()
        return render(request, "checkin/alerts.html", found | {"recount": last})
    if request.headers.get("If-None-Match") == found["etag"]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "checkin/_alerts.html", found)
    response.headers["ETag"] = found["etag"]
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def seen(request: ConferenceRequest) -> HttpResponse:
    """Mark the alerts that were shown as seen."""
    asked = [int(pk) for pk in request.POST.getlist("alert") if pk.isascii() and pk.isdigit()]
    number = seeing.mark_seen(
        conference=request.conference,
        alerts=[pk for pk in asked if pk < 2**63],
        now=timezone.now(),
        actor=request.user,
    )
    if number:
        messages.success(
            request,
            ngettext("%(count)d alert seen.", "%(count)d alerts seen.", number) % {"count": number},
        )
    return redirect(_back(request))


def _back(request: ConferenceRequest) -> str:
    """Return the list with the filters it was left with."""
    here = reverse("checkin:alerts", args=[request.conference.slug])
    back = request.POST.get("back", "")
    if back.startswith(f"{here}?") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return here


def _found(conference: Conference, asked: QueryDict, role: str) -> dict[str, Any]:
    everything = Alert.objects.filter(conference=conference)
    show = asked.get("show", "")
    show = show if show in SHOWS else "unseen"
    kind = asked.get("kind", "")
    kind = kind if kind in Alert.Kind.values else ""
    which = _which(show)
    counts = everything.aggregate(**{name: Count("pk", filter=_which(name)) for name in SHOWS})
    kinds = dict(
        everything.filter(which).order_by().values_list("kind").annotate(number=Count("pk"))
    )
    chosen = everything.filter(which, **({"kind": kind} if kind else {}))
    page = Paginator(_ordered(chosen), A_PAGE).get_page(asked.get("page"))
    rows = [_row(conference, alert, role) for alert in page]
    return {
        "conference": conference,
        "page": page,
        "rows": rows,
        "unseen": [row.alert.pk for row in rows if row.alert.seen_at is None],
        "shows": [(name, label, counts[name]) for name, label in SHOWS.items()],
        "kinds": [
            (code, label, kinds[code]) for code, label in Alert.Kind.choices if code in kinds
        ],
        "show": show,
        "kind": kind,
        "newest": max((row.alert.pk for row in rows), default=0),
        "waiting": counts["unseen"],
        "query": asked.urlencode(),
        "every": EVERY,
        "runs_doors": role in RUNNING_DOORS,
        "etag": _etag(page, counts, kinds, show, kind),
    }


def _which(show: str) -> Q:
    if show == "unseen":
        return Q(seen_at=None)
    return Q(ended_at=None, kind__in=LASTING) if show == "lasting" else Q()


def _ordered(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Return what waits first: unseen before seen, what lasts before what is over, newest first."""
    seen_last = Case(When(seen_at=None, then=Value(0)), default=Value(1))
    over_last = Case(
        When(kind__in=LASTING, ended_at__isnull=False, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return (
        alerts.select_related(
            "conference", "delegate__delegation", "device", "gate", "zone", "seen_by"
        )
        .annotate(seen_last=seen_last, over_last=over_last)
        .order_by("seen_last", "over_last", "-raised_at", "-pk")
    )


def _row(conference: Conference, alert: Alert, role: str) -> Row:
    kind = Alert.Kind(alert.kind)
    return Row(
        alert=alert,
        tone=_TONES.get(kind, "warn"),
        detail=words.detail(alert),
        url=_url(conference, alert, role),
        lasts=kind in LASTING,
    )


def _url(conference: Conference, alert: Alert, role: str) -> str:
    """Return the page on which something can be done about it, or nothing."""
    runs_doors = role in RUNNING_DOORS
    match alert.kind:
        case Alert.Kind.SILENT_GATE if runs_doors:
            return reverse("checkin:device_list", args=[conference.slug])
        case Alert.Kind.SEQ_GAP if runs_doors:
            return reverse("checkin:device_detail", args=[conference.slug, alert.device_id])
        case Alert.Kind.CONFLICT:
            return reverse(
                "checkin:conflict_detail", args=[conference.slug, alert.params["conflict"]]
            )
        case Alert.Kind.QUARANTINE:
            return reverse("checkin:quarantine_detail", args=[conference.slug, alert.device_id])
        case Alert.Kind.RECOUNT if runs_doors:
            return reverse("checkin:recounts", args=[conference.slug])
    return ""


def _etag(page: Page[Alert], *others: object) -> str:
    shown: Iterable[object] = [
        (alert.pk, str(alert.seen_at), str(alert.ended_at), alert.params) for alert in page
    ]
    told = repr(
        (
            list(shown),
            [sorted(each.items()) if isinstance(each, dict) else each for each in others],
            page.number,
            page.paginator.num_pages,
        )
    )
    return f'"{sha256(told.encode()).hexdigest()[:20]}-{get_language()}"'
