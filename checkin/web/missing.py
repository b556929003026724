"""Who is expected and not here: a list to telephone by, and the same as a table to take away."""

import csv
import io
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checkin.live.absent import absent, late
from checkin.web.arrivals import READING
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.venue_time import written_moment
from delegates.documents.participants import guarded
from delegates.models import Delegate, Delegation

WHEN = {
    "late": pgettext_lazy("people", "past their time"),
    "later": pgettext_lazy("people", "expected later"),
}
WHO = {
    "head": gettext_lazy("heads of delegation"),
    "vip": gettext_lazy("VIPs"),
}
_A_PAGE = 50


@require_safe
def missing(request: ConferenceRequest) -> HttpResponse:
    """List those who are expected and not here."""
    now = timezone.now()
    conference = request.conference
    everybody = _narrowed(request, absent(conference))
    is_late = late(conference, now)
    counts = everybody.order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", filter=is_late),
        head=Count("pk", filter=Q(role=Delegate.Role.HEAD)),
        vip=Count("pk", filter=Q(vip=True)),
    )
    counts["later"] = counts["all"] - counts["late"]
    page = Paginator(_chosen(request, everybody, now), _A_PAGE).get_page(request.GET.get("page"))
    late_ones = set(
        absent(conference)
        .filter(is_late, pk__in=[each.pk for each in page])
        .order_by()
        .values_list("pk", flat=True)
    )
    return render(
        request,
        "checkin/missing.html",
        {
            "page": page,
            "rows": [(each, each.pk in late_ones) for each in page],
            "counts": counts,
            "when": [(code, word, counts[code]) for code, word in WHEN.items()],
            "who": [(code, word, counts[code]) for code, word in WHO.items()],
            "delegations": Delegation.objects.of(conference),
            "reads": request.membership.role in READING,
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def missing_csv(request: ConferenceRequest) -> HttpResponse:
    """Give what the list shows as CSV, all pages of it: UTF-8 with a mark, which Excel needs."""
    now = timezone.now()
    conference, language = request.conference, get_language()
    is_late = late(conference, now)
    people = _chosen(request, _narrowed(request, absent(conference)), now)
    late_ones = set(people.filter(is_late).order_by().values_list("pk", flat=True))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Name"),
            _("Other script"),
            _("Delegation"),
            _("Role"),
            _("VIP"),
            _("Badge class"),
            _("Expected"),
            _("Arrives by"),
            _("State"),
        ]
    )
    for each in people:
        cells = [
            each.display_name,
            each.other_name,
            pick(each.delegation, "name", language),
            each.get_role_display(),
            _("yes") if each.vip else "",
            pick(each.accreditation.badge_class, "name", language),
            written_moment(each.arrival_at, conference.zone, language) if each.arrival_at else "",
            each.arrival_by,
            str(WHEN["late" if each.pk in late_ones else "later"]),
        ]
        writer.writerow([guarded(cell) for cell in cells])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{conference.slug}-not-here.csv"'},
    )


def _narrowed(request: ConferenceRequest, people: "QuerySet[Delegate]") -> "QuerySet[Delegate]":
    """Return those of the delegation that is asked for, and whose name has each word."""
    delegation = request.GET.get("delegation", "")
    if delegation.isdecimal():
        people = people.filter(delegation=int(delegation) % 2**62)
    for word in request.GET.get("q", "").split()[:5]:
        people = people.filter(
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(native_name__icontains=word)
            | Q(badge_name__icontains=word)
        )
    return people


def _chosen(
    request: ConferenceRequest, people: "QuerySet[Delegate]", now: datetime
) -> "QuerySet[Delegate]":
    """Return those of the chips that are on."""
    when: Any = request.GET.get("when")
    is_late = late(request.conference, now)
    if when in WHEN:
        people = people.filter(is_late) if when == "late" else people.exclude(is_late)
    who = request.GET.get("who")
    if who in WHO:
        people = (
            people.filter(role=Delegate.Role.HEAD) if who == "head" else people.filter(vip=True)
        )
    return people
