"""Delegations on the organiser's desk: the list, one delegation, and its particulars."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.models import Role
from delegates.models import Country, Delegation, Invitation, Locality, SisterPair
from delegates.operations import arranging, deputising, inviting, life, posting
from delegates.operations.missing import missing_fields, missing_in_list
from delegates.operations.progress import (
    STEPS,
    DelegationProgress,
    delegation_progress,
    progress_of,
)
from delegates.web.clock import in_venue_time
from delegates.web.delegation_form import DelegationForm
from delegates.web.invitation_forms import DeadlineForm, PaperForm, PhoneAnswerForm
from delegates.web.letter_form import usual_deadline

PAGE = 50
#: What the overview tells of, as a filter of the list.
_ONLY: dict[str, Any] = {
    "shut": gettext_lazy("shut after many wrong codes"),
    "no_address": gettext_lazy("no e-mail address"),
}


@require_safe
def delegation_list(request: ConferenceRequest) -> HttpResponse:
    """List the delegations and how far each is; the filters stand in the address."""
    everybody = delegation_progress(request.conference)
    chosen = {
        name: request.GET.get(name, "").strip()
        for name in ("step", "only", "country", "answer", "q")
    }
    rows = _only(chosen["only"], [row for row in everybody if _wanted(row, chosen)])
    step_counts = {code: sum(row.step == code for row in everybody) for code in STEPS}
    return render(
        request,
        "delegates/delegations/list.html",
        {
            "conference": request.conference,
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "total": len(everybody),
            "chips": [(code, label, step_counts[code]) for code, label in STEPS.items()],
            "answers": _answer_counts(everybody),
            "chosen": chosen,
            "only": _ONLY.get(chosen["only"]),
            "countries": Country.choices,
            "may_edit": _may_edit(request),
            "may_send": request.membership.role == Role.ORGANISER,
        },
    )


@require_safe
@in_venue_time
def detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show one delegation: its invitation, its people, its quotas and its sister places."""
    delegation = find_delegation(request, pk)
    return detail_page(request, delegation)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConferenceRequest) -> HttpResponse:
    """Enter a delegation for a place or an organisation."""
    delegation = Delegation(conference=request.conference)
    return _form_page(request, DelegationForm(request.POST or None, instance=delegation))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change a delegation's names, focal point, liaison officer and dates."""
    delegation = find_delegation(request, pk)
    return _form_page(request, DelegationForm(request.POST or None, instance=delegation))


def find_delegation(request: ConferenceRequest, pk: int) -> Delegation:
    """Return this conference's delegation, or answer 404."""
    return get_object_or_404(
        Delegation.objects.select_related(
            "conference", "locality__parent", "organisation", "liaison", "focal_user"
        ),
        conference=request.conference,
        pk=pk,
    )


def detail_page(
    request: ConferenceRequest,
    delegation: Delegation,
    *,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Show the page of a delegation; ``shown`` replaces forms that came back with errors."""
    now = timezone.now()
    invitation = inviting.latest_invitation(delegation)
    message = posting.messages_of([invitation]).get(invitation.pk) if invitation else None
    people = list(
        delegation.delegates.select_related("accreditation__badge_class").prefetch_related("badges")
    )
    attending = [person for person in people if person.withdrawn_at is None]
    facts = {
        "conference": request.conference,
        "trail": _trail(request),
        "delegation": delegation,
        "answer_form": PhoneAnswerForm(
            conference=request.conference, seen=invitation.answer_count if invitation else None
        ),
        "paper_form": PaperForm(
            conference=request.conference,
            initial={"deadline": _at_least(usual_deadline(request.conference, now), invitation)},
        ),
        "progress": progress_of(delegation),
        "invitation": invitation,
        "message": message,
        "is_held": posting.is_held(message),
        "reminders": posting.reminders_of(invitation) if invitation else [],
        # A letter that has not left yet goes to the address that holds when it leaves.
        "address_changed": (
            message is not None
            and message.to_email != delegation.focal_email
            and invitation is not None
            and invitation.state != Invitation.State.DRAFT
        ),
        "refusal": invitation.refusal(now) if invitation else None,
        "steps": life.steps_of(invitation) if invitation else [],
        "deputy": deputising.deputy_of(invitation),
        "reopened_until": usual_deadline(request.conference, now),
        "people": [(person, missing_fields(person)) for person in attending],
        "withdrawn": [person for person in people if person.withdrawn_at is not None],
        "list_missing": missing_in_list(attending),
        "quotas": delegation.quotas.select_related("badge_class"),
        "sisters": _sisters(delegation),
        "letters": posting.sendable(request.conference),
        "deadline_form": DeadlineForm(
            conference=request.conference,
            now=now,
            initial={"deadline": _at_least(usual_deadline(request.conference, now), invitation)},
        ),
        "is_over": request.conference.is_over(now),
        "may_edit": _may_edit(request),
        "may_send": request.membership.role == Role.ORGANISER,
        "is_desk": request.membership.role == Role.DESK,
    }
    return render(request, "delegates/delegations/detail.html", facts | shown, status=status)


def _at_least(deadline: datetime, invitation: Invitation | None) -> datetime:
    """Return the later of this deadline and the one that stands: more time is never less."""
    standing = invitation.deadline if invitation else None
    return max(deadline, standing) if standing else deadline


def _form_page(request: ConferenceRequest, form: DelegationForm) -> HttpResponse:
    is_new = form.instance.pk is None
    if request.method == "POST" and form.is_valid():
        delegation = arranging.save_delegation(
            delegation=form.save(commit=False),
            party_en=form.cleaned_data["organisation_en"],
            party_zh=form.cleaned_data["organisation_zh"],
            now=timezone.now(),
            actor=request.user,
        )
        name = pick(delegation, "name", get_language())
        messages.success(request, _("Saved: %(name)s.") % {"name": name})
        return redirect("delegates:delegation_detail", request.conference.slug, delegation.pk)
    return render(
        request,
        "delegates/delegations/form.html",
        {
            "conference": request.conference,
            "trail": _trail(request),
            "form": form,
            "delegation": None if is_new else Delegation.objects.get(pk=form.instance.pk),
        },
        status=422 if form.errors else 200,
    )


def _wanted(row: DelegationProgress, chosen: dict[str, str]) -> bool:
    if chosen["step"] and row.step != chosen["step"]:
        return False
    if chosen["country"] and _country_of(row.delegation) != chosen["country"]:
        return False
    if chosen["answer"] == "none" and (row.is_answered or not row.is_invited):
        return False
    if chosen["answer"] in Invitation.State and row.invitation_state != chosen["answer"]:
        return False
    return not chosen["q"] or row.matches(chosen["q"])


def _only(wanted: str, rows: list[DelegationProgress]) -> list[DelegationProgress]:
    """Return those of the rows that the overview counts under this word; all for any other."""
    if wanted == "no_address":
        return [row for row in rows if not row.delegation.focal_email and not row.is_answered]
    if wanted != "shut":
        return rows
    shut = set(
        Invitation.objects.shut()
        .filter(delegation__in=[row.delegation for row in rows], answered_at=None)
        .values_list("delegation_id", flat=True)
    )
    return [row for row in rows if row.delegation.pk in shut]


def _answer_counts(rows: list[DelegationProgress]) -> list[tuple[str, str, int]]:
    """Return how many invitations are in each state, in the order of their life."""
    states = [row.invitation_state for row in rows]
    shown = (*Invitation.WAITING_STATES, *Invitation.ANSWERS, Invitation.State.EXPIRED)
    return [(code, str(Invitation.State(code).label), states.count(code)) for code in shown]


def _country_of(delegation: Delegation) -> str:
    party = delegation.locality or delegation.organisation
    return party.country if party else ""


def _sisters(delegation: Delegation) -> list[dict[str, Any]]:
    """Return the sister places of the delegation's place and of the places within it."""
    if delegation.locality is None:
        return []
    within = Q(pk=delegation.locality_id) | Q(parent=delegation.locality_id)
    places = set(Locality.objects.filter(within).values_list("pk", flat=True))
    pairs = (
        SisterPair.objects.in_force()
        .filter(Q(first__in=places) | Q(second__in=places))
        .select_related("first", "second")
        .order_by("year", "pk")
    )
    here = {
        found.locality_id: found
        for found in Delegation.objects.of(delegation.conference).exclude(locality=None)
    }
    rows = []
    for pair in pairs:
        own, other = (
            (pair.first, pair.second) if pair.first_id in places else (pair.second, pair.first)
        )
        coming = here.get(other.pk) or here.get(other.parent_id or 0)
        rows.append({"pair": pair, "own": own, "other": other, "coming": coming})
    return rows


def _trail(request: ConferenceRequest) -> list[dict[str, str]]:
    url = reverse("delegates:delegation_list", args=[request.conference.slug])
    return [{"label": _("Delegations"), "url": url}]


def _may_edit(request: ConferenceRequest) -> bool:
    return request.membership.role in (Role.ORGANISER, Role.PROTOCOL)
