"""Badges: which are valid, which are printed, and the PDFs of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from delegates.documents.badge import undrawable_in_name
from delegates.models import Badge, Delegation
from delegates.operations import badging
from delegates.web.delegates import detail_url, find_delegate

PAGE = 50
PRINTED, NOT_PRINTED = "yes", "no"


@require_safe
def badge_list(request: ConferenceRequest) -> HttpResponse:
    """List the valid badges; the filters stand in the address."""
    badges = badging.valid_badges(request.conference)
    chosen = _chosen(request.GET)
    counts = badges.order_by().aggregate(
        all=Count("pk"),
        printed=Count("pk", filter=Q(printed_at__isnull=False)),
    )
    wanted = _narrowed(badges, chosen)
    page = Paginator(wanted.select_related("printed_by"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "delegates/badges/list.html",
        {
            "page": page,
            "rows": [(badge, undrawable_in_name(badge.delegate)) for badge in page],
            "chosen": chosen,
            "total": counts["all"],
            "printed": counts["printed"],
            "not_printed": counts["all"] - counts["printed"],
            "delegations": Delegation.objects.of(request.conference)
            .filter(delegates__badges__revoked_at=None, delegates__badges__isnull=False)
            .distinct(),
        },
    )


@require_safe
def badge_pdf(request: ConferenceRequest) -> HttpResponse:
    """Show the badges of the filters as a PDF, without noting them as printed."""
    return _answer(request, list(_narrowed(*_of(request, request.GET))))


@require_POST
def badge_print(request: ConferenceRequest) -> HttpResponse:
    """Give the badges of the filters as a PDF and note them as printed."""
    badges = list(_narrowed(*_of(request, request.POST)))
    answer = _answer(request, badges)
    if answer.status_code == 200:
        badging.log_printing(badges=badges, now=timezone.now(), actor=request.user)
    return answer


@require_POST
def badge_replace(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Make a lost or wrong badge void and issue the next one."""
    delegate = find_delegate(request, pk)
    reason = request.POST.get("reason", "").strip() or "lost"
    try:
        badge = badging.replace_badge(
            delegate=delegate, reason=reason, now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Badge %(issue)d issued. The former one no longer opens any door.")
            % {"issue": badge.issue},
        )
    return redirect(detail_url(request, delegate))


def _of(request: ConferenceRequest, query: QueryDict) -> tuple[QuerySet[Badge], dict[str, str]]:
    return badging.valid_badges(request.conference), _chosen(query)


def _chosen(query: QueryDict) -> dict[str, str]:
    names = ("q", "delegation", "delegate", "printed")
    return {name: asked.words(query, name) for name in names}


def _narrowed(badges: QuerySet[Badge], chosen: dict[str, str]) -> QuerySet[Badge]:
    for delegation in asked.numbers([chosen["delegation"]]):
        badges = badges.filter(delegate__delegation=delegation)
    for delegate in asked.numbers([chosen["delegate"]]):
        badges = badges.filter(delegate=delegate)
    if chosen["printed"] in (PRINTED, NOT_PRINTED):
        badges = badges.filter(printed_at__isnull=chosen["printed"] == NOT_PRINTED)
    if chosen["q"]:
        badges = badges.filter(
            Q(delegate__family_name__icontains=chosen["q"])
            | Q(delegate__given_name__icontains=chosen["q"])
            | Q(delegate__native_name__icontains=chosen["q"])
        )
    return badges


def _answer(request: ConferenceRequest, badges: list[Badge]) -> HttpResponse:
    try:
        document = badging.draw_badges(badges)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("delegates:badge_list", slug=request.conference.slug)
    name = f"{request.conference.slug}-badges.pdf"
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
