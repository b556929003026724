"""A focal point's list of people: adding, changing, withdrawing, and submitting them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from conference.errors import DomainError
from delegates.access import FocalRequest
from delegates.errors import HeadAlreadyNamed, NominationClosed
from delegates.models import Delegate
from delegates.operations import nominating, substituting
from delegates.operations.missing import missing_fields
from delegates.operations.person_fields import locked_fields
from delegates.web.clock import in_venue_time
from delegates.web.focal import Addresses, actor, frame, list_is_open
from delegates.web.member_form import MemberForm


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def new(request: FocalRequest) -> HttpResponse:
    """Add a person to the list."""
    if request.method != "POST" and not list_is_open(request):
        return _closed(request)
    people = request.delegation.delegates.attending()
    has_head = people.filter(role=Delegate.Role.HEAD).exists()
    form = MemberForm(
        request.POST or None,
        initial={
            "role": Delegate.Role.MEMBER if has_head else Delegate.Role.HEAD,
            "language": request.delegation.focal_language,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_if_closed(request)
            person = nominating.add_member(
                delegation=request.delegation,
                fields=form.values(),
                now=timezone.now(),
                **actor(request),
            )
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": person})
            return _onward(request)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def edit(request: FocalRequest, member: int) -> HttpResponse:
    """Change what is known of a person, or look at it once the list is closed."""
    person = _person(request, member)
    only_to_read = request.method != "POST" and not list_is_open(request)
    # A copy of its own: a refused form must not colour the name above it.
    form = MemberForm(
        request.POST or None,
        instance=Delegate.objects.get(pk=person.pk),
        locked=MemberForm.base_fields if only_to_read else locked_fields(person),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_if_closed(request)
            nominating.change_member(
                delegate=person, fields=form.values(), now=timezone.now(), **actor(request)
            )
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": person})
            return _onward(request)
    return _form_page(request, form, person)


@require_POST
def make_head(request: FocalRequest, member: int) -> HttpResponse:
    """Make a person the head; whoever was it becomes a member."""
    person = _person(request, member)
    present = request.delegation.delegates.attending().filter(role=Delegate.Role.HEAD).first()
    try:
        _refuse_if_closed(request)
        nominating.name_head(
            delegate=person, replacing=present, now=timezone.now(), **actor(request)
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is the head of the delegation.") % {"name": person})
    return _home(request)


@require_POST
def withdraw(request: FocalRequest, member: int) -> HttpResponse:
    """Take a person off the list, or put one back who was taken off."""
    person = _person(request, member)
    try:
        _refuse_if_closed(request)
        if person.withdrawn_at is None:
            substituting.withdraw_member(delegate=person, now=timezone.now(), **actor(request))
            said = _("%(name)s is off the list. You can put the person back below.")
        else:
            substituting.restore_member(delegate=person, now=timezone.now(), **actor(request))
            said = _("%(name)s is on the list again.")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said % {"name": person})
    return _home(request)


@require_POST
def submit(request: FocalRequest) -> HttpResponse:
    """Submit everybody on the list who is complete; name those who are not."""
    try:
        _refuse_if_closed(request)
        outcome = nominating.submit_list(
            delegation=request.delegation, now=timezone.now(), **actor(request)
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _home(request)
    count = len(outcome.submitted)
    if count:
        messages.success(
            request,
            ngettext(
                "%(count)d person is submitted. The organiser decides and you see it here.",
                "%(count)d people are submitted. The organiser decides and you see it here.",
                count,
            )
            % {"count": count},
        )
    if outcome.incomplete:
        names = _(", ").join(str(person) for person in outcome.incomplete)
        messages.warning(
            request, _("Not submitted, because something is missing: %(names)s.") % {"names": names}
        )
    if not count and not outcome.incomplete:
        messages.info(request, _("Everybody on the list is submitted already."))
    return _home(request)


@require_POST
def submit_again(request: FocalRequest, member: int) -> HttpResponse:
    """Submit a refused person once more, after what was missing has been put right."""
    person = _person(request, member)
    try:
        _refuse_if_closed(request)
        nominating.submit_member(delegate=person, now=timezone.now(), **actor(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is submitted again.") % {"name": person})
    return _home(request)


def _form_page(request: FocalRequest, form: MemberForm, person: Delegate | None) -> HttpResponse:
    facts = frame(request)
    to: Addresses = facts["to"]
    facts["trail"] = [{"label": _("To the list"), "url": to["focal_home"]}]
    if person is not None:
        facts |= {
            "person": person,
            "accreditation": getattr(person, "accreditation", None),
            "missing": missing_fields(person) if not form.is_bound else [],
            "head": request.delegation.delegates.attending()
            .filter(role=Delegate.Role.HEAD)
            .exclude(pk=person.pk)
            .first(),
            "withdraw_url": to.member("focal_withdraw", person),
            "head_url": to.member("focal_head", person),
        }
    return render(
        request,
        "delegates/focal/member.html",
        facts | {"form": form},
        status=422 if form.errors else 200,
    )


def _onward(request: FocalRequest) -> HttpResponse:
    if "another" in request.POST:
        return redirect(Addresses(request.way_in)["focal_member_new"])
    return _home(request)


def _home(request: FocalRequest) -> HttpResponse:
    return redirect(Addresses(request.way_in)["focal_home"])


def _person(request: FocalRequest, member: int) -> Delegate:
    return get_object_or_404(
        request.delegation.delegates.select_related("accreditation", "conference", "delegation"),
        pk=member,
    )


def _field_of(refusal: DomainError) -> str | None:
    return "role" if isinstance(refusal, HeadAlreadyNamed) else None


def _refuse_if_closed(request: FocalRequest) -> None:
    if not list_is_open(request):
        raise NominationClosed


def _closed(request: FocalRequest) -> HttpResponse:
    return render(
        request,
        "delegates/focal/closed.html",
        frame(request) | {"refusal": NominationClosed()},
        status=NominationClosed.status,
    )
