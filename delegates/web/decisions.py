"""What is decided about one person, from that person's page or from the queue."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from conference.models import User
from delegates.models import Accreditation, Delegate
from delegates.operations import accrediting, nominating, sending_badges, substituting
from delegates.web.clock import in_venue_time
from delegates.web.delegates import detail_page, detail_url, find_delegate, form_page
from delegates.web.people_forms import RESTORE, SUBMIT, ClassForm, DecisionForm, DelegateForm

State = Accreditation.State
_DONE: dict[str, Promise] = {
    SUBMIT: gettext_lazy("Submitted: %(name)s."),
    State.APPROVED: gettext_lazy("Approved: %(name)s. The badge is ready."),
    State.REFUSED: gettext_lazy("Refused: %(name)s."),
    State.NOMINATED: gettext_lazy("Given back to the delegation: %(name)s."),
    State.WITHDRAWN: gettext_lazy("Withdrawn: %(name)s."),
    RESTORE: gettext_lazy("Back on the list: %(name)s."),
}


@require_POST
def decide(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Take one step of the accreditation; a missing reason is asked for on the person's page."""
    delegate = find_delegate(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        step = request.POST.get("step", "")
        return detail_page(request, delegate, status=422, decision=form, asked=step)
    step, reason = form.cleaned_data["step"], form.cleaned_data["reason"]
    try:
        _take(step, delegate, reason, request.user)
    except DomainError as refusal:
        messages.error(request, f"{delegate}: {refusal}")
    else:
        messages.success(request, str(_DONE[step]) % {"name": delegate})
    return redirect(_back(request, delegate))


@require_POST
def change_class(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Move a person to another badge class."""
    delegate = find_delegate(request, pk)
    form = ClassForm(request.POST, conference=request.conference)
    if not form.is_valid():
        return detail_page(request, delegate, status=422, class_form=form)
    badge_class = form.cleaned_data["badge_class"]
    try:
        accrediting.change_class(
            delegate=delegate, badge_class=badge_class, now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        name = pick(badge_class, "name", get_language())
        messages.success(request, _("Badge class: %(name)s.") % {"name": name})
    return redirect(detail_url(request, delegate))


@require_POST
def name_head(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Make this person the head in the place of whoever is it now."""
    delegate = find_delegate(request, pk)
    present = delegate.delegation.delegates.attending().filter(role=Delegate.Role.HEAD).first()
    try:
        nominating.name_head(
            delegate=delegate, replacing=present, now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Head of the delegation: %(name)s.") % {"name": delegate})
    return redirect(detail_url(request, delegate))


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def substitute(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let another person come in this one's place."""
    former = find_delegate(request, pk)
    form = DelegateForm(
        request.POST or None,
        instance=Delegate(
            conference=former.conference,
            delegation=former.delegation,
            role=former.role,
            rank=former.rank,
            language=former.language,
        ),
    )
    if request.method == "POST" and form.is_valid():
        try:
            delegate = substituting.substitute(
                delegate=former, fields=form.values(), now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(new)s comes in the place of %(former)s and waits for accreditation.")
                % {"new": delegate, "former": former},
            )
            return redirect(detail_url(request, delegate))
    return form_page(request, form, delegate=former, substitutes=former)


@require_POST
def send_badge(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Send the letter with the personal link to badge and agenda."""
    delegate = find_delegate(request, pk)
    try:
        message = sending_badges.send_badge(
            delegate=delegate, now=timezone.now(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Letter to %(address)s.") % {"address": message.to_email})
    return redirect(detail_url(request, delegate))


def _take(step: str, delegate: Delegate, reason: str, actor: User) -> None:
    now = timezone.now()
    if step == SUBMIT:
        nominating.submit_member(delegate=delegate, now=now, actor=actor)
    elif step == RESTORE:
        substituting.restore_member(delegate=delegate, now=now, actor=actor)
    elif step == State.APPROVED:
        accrediting.approve(delegate=delegate, now=now, actor=actor)
    elif step == State.REFUSED:
        accrediting.refuse(delegate=delegate, reason=reason, now=now, actor=actor)
    elif step == State.NOMINATED:
        accrediting.return_to_nomination(delegate=delegate, reason=reason, now=now, actor=actor)
    else:
        substituting.withdraw_member(delegate=delegate, reason=reason, now=now, actor=actor)


def _back(request: ConferenceRequest, delegate: Delegate) -> str:
    """Return where the step was taken from, if that is a page of ours."""
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return detail_url(request, delegate)
