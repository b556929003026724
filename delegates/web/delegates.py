"""The people of a conference on the organiser's desk: the list, one person, and particulars."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.documents.qr import qr_svg_inline
from conference.errors import DomainError
from conference.models import AuditEntry, Message, Role
from conference.operations import mailing
from delegates.documents import participants
from delegates.documents.badge import undrawable_in_name
from delegates.models import Accreditation, Delegate, Delegation
from delegates.operations import badging, nominating
from delegates.operations.missing import missing_fields
from delegates.operations.precedence import in_precedence
from delegates.web.clock import in_venue_time
from delegates.web.people_forms import ClassForm, DecisionForm, DelegateForm, NewDelegateForm

PAGE = 50
HISTORY = 60
State = Accreditation.State
GONE = (State.WITHDRAWN, State.SUBSTITUTED)
_SEARCHED = (
    "family_name",
    "given_name",
    "native_name",
    "badge_name",
    "title_en",
    "title_zh",
    "organisation_en",
    "organisation_zh",
    "email",
    "phone_e164",
    "delegation__name_en",
    "delegation__name_zh",
)


@require_safe
def delegate_list(request: ConferenceRequest) -> HttpResponse:
    """List the people; search and filters stand in the address."""
    people = _found(request)
    counts = dict(people.order_by().values_list("accreditation__state").annotate(Count("pk")))
    counts[State.NOMINATED] = counts.get(State.NOMINATED, 0) + counts.pop(None, 0)
    chosen = _chosen(request)
    page = Paginator(
        in_precedence(_in_state(people, chosen["state"])).select_related(
            "delegation", "accreditation__badge_class"
        ),
        PAGE,
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "delegates/delegates/list.html",
        {
            "page": page,
            "chosen": chosen,
            "filtered": any(chosen.values()),
            "here": sum(count for state, count in counts.items() if state not in GONE),
            "chips": [
                (code, label, counts[code]) for code, label in State.choices if counts.get(code)
            ],
            "delegations": Delegation.objects.of(request.conference),
            "classes": request.conference.badge_classes.all(),
            "roles": Delegate.Role.choices,
            "may_edit": may_edit(request),
        },
    )


@require_safe
def delegate_export(request: ConferenceRequest, form: str) -> HttpResponse:
    """Give what the list shows as a spreadsheet, ``csv`` or ``xlsx``, all pages of it."""
    people = in_precedence(_in_state(_found(request), _chosen(request)["state"])).select_related(
        "conference", "delegation", "accreditation"
    )
    write, kind = {
        "csv": (participants.list_as_csv, "text/csv; charset=utf-8"),
        "xlsx": (participants.list_as_xlsx, XLSX),
    }[form]
    name = f"{request.conference.slug}-delegates.{form}"
    return HttpResponse(
        write(people),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def delegate_detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show one person: all that is known, the accreditation, the badge, letters, history."""
    return detail_page(request, find_delegate(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def delegate_edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change what is known of a person."""
    delegate = find_delegate(request, pk)
    form = DelegateForm(request.POST or None, instance=find_delegate(request, pk))
    if request.method == "POST" and form.is_valid():
        try:
            nominating.change_member(
                delegate=delegate, fields=form.values(), now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": delegate})
            return redirect(detail_url(request, delegate))
    return form_page(request, form, delegate=delegate)


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def delegate_new(request: ConferenceRequest) -> HttpResponse:
    """Put a person on a delegation's list by hand."""
    whose = NewDelegateForm(
        request.POST or None,
        conference=request.conference,
        initial={"delegation": request.GET.get("delegation")},
    )
    delegation = whose.cleaned_data["delegation"] if whose.is_bound and whose.is_valid() else None
    form = DelegateForm(
        request.POST or None,
        instance=Delegate(
            conference=request.conference,
            delegation=delegation or Delegation(conference=request.conference),
        ),
    )
    if request.method == "POST" and form.is_valid() and delegation is not None:
        try:
            delegate = nominating.add_member(
                delegation=delegation, fields=form.values(), now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": delegate})
            return redirect(detail_url(request, delegate))
    return form_page(request, form, whose=whose)


# --- what the other screens about people share ---

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def may_edit(request: ConferenceRequest) -> bool:
    """Return whether the reader may change people, and not only look."""
    return request.membership.role in (Role.ORGANISER, Role.PROTOCOL)


def find_delegate(request: ConferenceRequest, pk: int) -> Delegate:
    """Return this conference's delegate, or answer 404."""
    return get_object_or_404(
        Delegate.objects.select_related(
            "conference",
            "delegation__locality",
            "delegation__organisation",
            "accreditation__badge_class",
            "accreditation__decided_by",
            "substituted_by",
        ),
        conference=request.conference,
        pk=pk,
    )


def detail_url(request: ConferenceRequest, delegate: Delegate) -> str:
    """Return the address of a person's page."""
    return reverse("delegates:delegate_detail", args=[request.conference.slug, delegate.pk])


def detail_page(
    request: ConferenceRequest, delegate: Delegate, *, status: int = 200, **shown: Any
) -> HttpResponse:
    """Show the page of a person; ``shown`` replaces a form that came back with errors."""
    accreditation = getattr(delegate, "accreditation", None)
    state = accreditation.state if accreditation else State.NOMINATED
    badges = list(delegate.badges.select_related("badge_class", "printed_by", "conference"))
    valid = next((badge for badge in badges if badge.revoked_at is None), None)
    head = delegate.delegation.delegates.attending().filter(role=Delegate.Role.HEAD).first()
    code = ""
    if valid is not None and may_edit(request):
        valid.delegate = delegate
        code = qr_svg_inline(badging.badge_code_text(valid), label=_("Code of the badge"))
    facts = {
        "trail": [
            {
                "label": _("Delegates"),
                "url": reverse("delegates:delegate_list", args=[request.conference.slug]),
            }
        ],
        "delegate": delegate,
        "accreditation": accreditation,
        "state": state,
        "steps": set(Accreditation.STEPS[state]),
        "missing": missing_fields(delegate),
        "head": head,
        "badges": badges,
        "badge": valid,
        "code": code,
        "undrawable": undrawable_in_name(delegate),
        "letters": _letters(delegate),
        "history": _history(delegate),
        "decision": DecisionForm(),
        "class_form": ClassForm(
            conference=request.conference,
            initial={"badge_class": accreditation.badge_class_id if accreditation else None},
        ),
        "may_edit": may_edit(request),
    }
    return render(request, "delegates/delegates/detail.html", facts | shown, status=status)


def form_page(
    request: ConferenceRequest,
    form: DelegateForm,
    *,
    delegate: Delegate | None = None,
    whose: NewDelegateForm | None = None,
    substitutes: Delegate | None = None,
) -> HttpResponse:
    """Show the form of a person: changed, new, or coming in the place of ``substitutes``."""
    slug = request.conference.slug
    back = (
        detail_url(request, delegate)
        if delegate
        else reverse("delegates:delegate_list", args=[slug])
    )
    trail = [{"label": _("Delegates"), "url": reverse("delegates:delegate_list", args=[slug])}]
    if delegate:
        trail.append({"label": str(delegate), "url": back})
    return render(
        request,
        "delegates/delegates/form.html",
        {
            "form": form,
            "delegate": delegate,
            "whose": whose,
            "substitutes": substitutes,
            "back": back,
            "trail": trail,
        },
        status=422 if form.is_bound and (form.errors or (whose and whose.errors)) else 200,
    )


def _chosen(request: ConferenceRequest) -> dict[str, str]:
    names = ("q", "delegation", "state", "class", "role")
    return {name: asked.words(request.GET, name) for name in names}


def _found(request: ConferenceRequest) -> QuerySet[Delegate]:
    """Return the people who fit search and filters, whatever their state."""
    chosen = _chosen(request)
    people: QuerySet[Delegate] = Delegate.objects.filter(conference=request.conference)
    for word in chosen["q"].split():
        wanted = Q()
        for name in _SEARCHED:
            wanted |= Q(**{f"{name}__icontains": word})
        people = people.filter(wanted)
    if delegation := asked.number(request.GET, "delegation"):
        people = people.filter(delegation=delegation)
    if chosen["class"]:
        people = people.filter(accreditation__badge_class__code=chosen["class"])
    if chosen["role"]:
        people = people.filter(role=chosen["role"])
    return people


def _in_state(people: QuerySet[Delegate], state: str) -> QuerySet[Delegate]:
    """Return the people in this state; without one, all who have not left."""
    if state == State.NOMINATED:
        return people.filter(Q(accreditation__state=state) | Q(accreditation=None))
    if state in State.values:
        return people.filter(accreditation__state=state)
    return people.filter(Q(accreditation=None) | ~Q(accreditation__state__in=GONE))


def _letters(delegate: Delegate) -> list[Message]:
    """Return the letters to this person: by address, and those about a badge of theirs."""
    keys = [f"badge:{pk}" for pk in delegate.badges.values_list("pk", flat=True)]
    wanted = Q(key__in=keys)
    if delegate.email:
        wanted |= Q(to_email__iexact=delegate.email)
    letters = mailing.with_fates(Message.objects.filter(wanted, conference=delegate.conference))
    return list(letters.defer("body_text", "body_html")[:20])


def _history(delegate: Delegate) -> list[AuditEntry]:
    entries = AuditEntry.objects.filter(
        conference=delegate.conference,
        object_type=delegate._meta.label_lower,
        object_id=str(delegate.pk),
    )
    return list(entries[:HISTORY])
