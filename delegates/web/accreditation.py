"""The queue of people who wait for a decision."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from delegates.models import Accreditation, Delegate, Delegation
from delegates.operations import accrediting
from delegates.operations.missing import missing_fields, needed_before_approval
from delegates.operations.precedence import in_precedence
from delegates.web.people_forms import DecisionForm

PAGE = 50
State = Accreditation.State


@require_safe
def queue(request: ConferenceRequest) -> HttpResponse:
    """List those who are submitted, by delegation and rank; filters stand in the address."""
    waiting = _waiting(request)
    chosen = {name: asked.words(request.GET, name) for name in ("q", "delegation")}
    people = waiting
    if delegation := asked.number(request.GET, "delegation"):
        people = people.filter(delegation=delegation)
    if chosen["q"]:
        people = people.filter(
            Q(family_name__icontains=chosen["q"])
            | Q(given_name__icontains=chosen["q"])
            | Q(native_name__icontains=chosen["q"])
        )
    page = Paginator(
        in_precedence(people).select_related("delegation", "accreditation__badge_class"), PAGE
    ).get_page(request.GET.get("page"))
    rows = [(person, missing_fields(person), needed_before_approval(person)) for person in page]
    return render(
        request,
        "delegates/accreditation/queue.html",
        {
            "page": page,
            "rows": rows,
            "chosen": chosen,
            "waiting": waiting.count(),
            "ready": sum(not needed for _person, _missing, needed in rows),
            "delegations": Delegation.objects.of(request.conference)
            .filter(delegates__accreditation__state=State.SUBMITTED)
            .distinct(),
            "decision": DecisionForm(auto_id=False),
        },
    )


@require_POST
def approve(request: ConferenceRequest) -> HttpResponse:
    """Ask once more with names and number, then approve all who were ticked."""
    ids = asked.numbers(request.POST.getlist("delegate"))
    if not ids:
        messages.error(request, _("Tick the people to approve first."))
        return redirect("delegates:accreditation", slug=request.conference.slug)
    if "confirmed" not in request.POST:
        people = in_precedence(_waiting(request).filter(pk__in=ids)).select_related(
            "delegation", "accreditation__badge_class"
        )
        return render(request, "delegates/accreditation/confirm.html", {"people": list(people)})
    outcome = accrediting.approve_many(
        conference=request.conference, delegate_ids=ids, now=timezone.now(), actor=request.user
    )
    if outcome.approved:
        count = len(outcome.approved)
        messages.success(
            request,
            ngettext(
                "%(count)d person approved. The badge is ready.",
                "%(count)d people approved. The badges are ready.",
                count,
            )
            % {"count": count},
        )
    for delegate, refusal in outcome.refused:
        messages.warning(request, f"{delegate}: {refusal}")
    return redirect("delegates:accreditation", slug=request.conference.slug)


def _waiting(request: ConferenceRequest) -> QuerySet[Delegate]:
    waiting: QuerySet[Delegate] = Delegate.objects.filter(
        conference=request.conference, accreditation__state=State.SUBMITTED
    )
    return waiting
