"""The arrival desk: who is it, has the person arrived, and the badge in one press."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkin.operations import desking, printing, substituting, walking_in
from checkin.web.desk_forms import PersonForm, ReplaceForm, WalkInForm
from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Role
from delegates.documents import badge_code
from delegates.documents.badge import Medium, Paper
from delegates.models import Accreditation, Badge, Delegate
from delegates.operations import badging

_LOST = "lost"
_PAPERS = frozenset(paper.value for paper in Paper)


@require_safe
def desk(request: ConferenceRequest) -> HttpResponse:
    """Find people by name in either script, or by the code of a badge."""
    typed = request.GET.get("q", "")
    # A blank at the end of a badge code is a part of it.
    q = typed if typed.startswith(badge_code.PREFIX) else asked.words(request.GET, "q")
    people: list[Delegate] = []
    if q:
        found = desking.find_people(conference=request.conference, q=q)
        people = list(found[: desking.MOST + 1])
    now = timezone.now()
    return render(
        request,
        "checkin/desk/desk.html",
        {
            "q": q,
            "rows": [
                {
                    "person": person,
                    "badge": desking.valid_badge(person),
                    "arrived_at": desking.arrived_at(person, now=now),
                }
                for person in people[: desking.MOST]
            ],
            "more": len(people) > desking.MOST,
            "is_organiser": request.membership.role == Role.ORGANISER,
        },
    )


@require_safe
def person(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show one person as the desk needs it, with all that can be done here."""
    return _person_page(request, find_person(request, pk))


@require_POST
def badge_print(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Give the valid badge on the paper asked for, and note it as printed."""
    someone = find_person(request, pk)
    badge = desking.valid_badge(someone)
    paper = request.POST.get("paper", "")
    if badge is None or paper not in _PAPERS:
        messages.error(request, _("This person has no valid badge yet."))
        return redirect("checkin:desk_person", request.conference.slug, pk)
    return _paper(request, badge, paper)


@require_POST
def badge_replace(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Make a lost badge void and issue the next one; a provisional one stays provisional."""
    someone = find_person(request, pk)
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        return _person_page(request, someone, status=422, replace_form=form)
    former = desking.valid_badge(someone)
    try:
        badge = badging.replace_badge(
            delegate=someone,
            reason=form.cleaned_data["reason"] or _LOST,
            provisional=former is not None and former.provisional,
            now=timezone.now(),
            actor=request.user,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Badge %(issue)d issued: print it. The former one no longer opens any door.")
            % {"issue": badge.issue},
        )
    return redirect("checkin:desk_person", request.conference.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def substitute(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Name who comes in the place of a listed person."""
    former = find_person(request, pk)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = substituting.substitute(
                delegate=former, typed=form.typed(), now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_entering(
                request,
                entered.badge,
                _("%(new)s comes in the place of %(former)s. The former badge is void.")
                % {"new": entered.badge.delegate, "former": former},
            )
    return _form_page(request, "checkin/desk/substitute.html", form, person=former)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: ConferenceRequest) -> HttpResponse:
    """Enter somebody who is on no list, and print the provisional badge at once."""
    form = WalkInForm(request.conference, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = walking_in.enter(
                conference=request.conference,
                walk_in_id=form.cleaned_data["walk_in_id"],
                entry=form.entry(),
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_entering(
                request,
                entered.badge,
                _("%(name)s is entered. The provisional badge is ready.")
                % {"name": entered.badge.delegate},
            )
    return _form_page(request, "checkin/desk/walk_in.html", form)


def find_person(request: ConferenceRequest, pk: int) -> Delegate:
    """Return this conference's person with what the desk sees, or answer 404."""
    found = desking.person_at_desk(conference=request.conference, pk=pk)
    if found is None:
        raise Http404
    return found


def _person_page(
    request: ConferenceRequest, someone: Delegate, *, status: int = 200, **shown: Any
) -> HttpResponse:
    now = timezone.now()
    accreditation: Accreditation | None = getattr(someone, "accreditation", None)
    facts = {
        "person": someone,
        "accreditation": accreditation,
        "badge": desking.valid_badge(someone),
        "former_badges": [each for each in someone.badges.all() if each.revoked_at],
        "arrived_at": desking.arrived_at(someone, now=now),
        "places": desking.whereabouts(someone, now=now),
        "handling": getattr(someone, "handling", None),
        "may_substitute": accreditation is not None
        and accreditation.state == Accreditation.State.APPROVED,
        "replace_form": ReplaceForm(),
        "trail": trail(request),
    }
    return render(request, "checkin/desk/person.html", facts | shown, status=status)


def _form_page(
    request: ConferenceRequest, template: str, form: PersonForm, **known: Any
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "trail": trail(request, known.get("person")), **known},
        status=422 if form.errors else 200,
    )


def _after_entering(request: ConferenceRequest, badge: Badge, words: str) -> HttpResponse:
    """Answer with the badge on the paper that was asked for, else with the person's page."""
    paper = request.POST.get("paper", "")
    if paper in _PAPERS:
        return _paper(request, badge, paper)
    messages.success(request, words)
    return redirect("checkin:desk_person", request.conference.slug, badge.delegate_id)


def _paper(request: ConferenceRequest, badge: Badge, paper: str) -> HttpResponse:
    # A page that prints by itself asks for a picture; whoever opens the answer gets a document.
    medium = Medium.SVG if request.POST.get("medium") == Medium.SVG else Medium.PDF
    document = printing.print_badge(
        badge=badge, paper=paper, medium=medium, now=timezone.now(), actor=request.user
    )
    return HttpResponse(
        document,
        content_type=medium.media_type,
        headers={
            "Content-Disposition": f'inline; filename="badge-{badge.pk}.{medium}"',
            "Cache-Control": "no-store",
        },
    )


def trail(request: ConferenceRequest, someone: Delegate | None = None) -> list[dict[str, str]]:
    """Return the way from the desk to a page below it."""
    slug = request.conference.slug
    steps = [{"label": _("Arrival desk"), "url": reverse("checkin:desk", args=[slug])}]
    if someone is not None:
        url = reverse("checkin:desk_person", args=[slug, someone.pk])
        steps.append({"label": str(someone), "url": url})
    return steps
