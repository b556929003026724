"""What an organiser does about one delegation's invitation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference.access import ConferenceRequest
from conference.errors import DomainError
from delegates.documents.invitation_letter import invitation_letter
from delegates.models import Delegation
from delegates.operations import answering, inviting, life
from delegates.web.clock import in_venue_time
from delegates.web.delegations import detail_page, find_delegation
from delegates.web.invitation_forms import DeadlineForm, PaperForm, PhoneAnswerForm
from delegates.web.letter_form import usual_deadline
from delegates.web.letters import find_letter


@require_POST
def record_answer(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Enter an answer that came by telephone or on paper."""
    delegation = find_delegation(request, pk)
    form = PhoneAnswerForm(request.POST, request.FILES, conference=request.conference)
    if not form.is_valid():
        return detail_page(request, delegation, status=422, answer_form=form)
    try:
        invitation = answering.record_answer(
            delegation=delegation,
            reply=form.cleaned_data["reply"],
            note=form.cleaned_data["note"],
            way=form.cleaned_data["way"],
            know_by=form.cleaned_data["know_by"],
            seen=form.cleaned_data["seen"],
            scan=form.cleaned_data["scan"],
            now=timezone.now(),
            actor=request.user,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return detail_page(request, delegation, status=refusal.status, answer_form=form)
    messages.success(
        request,
        _("The answer is entered: %(state)s.") % {"state": invitation.get_state_display()},
    )
    return _back(request, delegation)


@require_POST
@in_venue_time
def more_time(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Set a new deadline for the delegation's answer."""
    delegation = find_delegation(request, pk)
    form = DeadlineForm(request.POST, conference=request.conference, now=timezone.now())
    invitation = inviting.latest_invitation(delegation)
    if invitation is None or not form.is_valid():
        return detail_page(request, delegation, status=422, deadline_form=form)
    inviting.give_more_time(
        invitation=invitation,
        deadline=form.cleaned_data["deadline"],
        now=timezone.now(),
        actor=request.user,
    )
    messages.success(request, _("The new deadline is set. The link sent before keeps working."))
    return _back(request, delegation)


@require_POST
def reopen(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let an expired invitation be answered after all, with the usual time for it."""
    delegation = find_delegation(request, pk)
    now = timezone.now()
    invitation = inviting.latest_invitation(delegation)
    if invitation is None:
        return _back(request, delegation)
    try:
        life.reopen(
            invitation=invitation,
            deadline=usual_deadline(request.conference, now),
            now=now,
            actor=request.user,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The invitation can be answered again. The link sent before works.")
        )
    return _back(request, delegation)


@require_POST
def send_again(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Send the letter once more, to the address that is known now."""
    delegation = find_delegation(request, pk)
    invitation = inviting.latest_invitation(delegation)
    if invitation is None:
        messages.error(request, _("This delegation is not invited yet. Send it a letter."))
        return _back(request, delegation)
    try:
        message = inviting.send_again(invitation=invitation, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The letter to %(to)s is queued again.") % {"to": message.to_email}
        )
    return _back(request, delegation)


@require_POST
@in_venue_time
def print_letter(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Give the letter as a PDF to print, with a link of its own as a QR code."""
    delegation = find_delegation(request, pk)
    form = PaperForm(request.POST, conference=request.conference)
    if not form.is_valid():
        return detail_page(request, delegation, status=422, paper_form=form)
    try:
        _invitation, written = inviting.invite_on_paper(
            campaign=find_letter(request, form.cleaned_data["letter"].pk),
            delegation=delegation,
            deadline=form.cleaned_data["deadline"],
            now=timezone.now(),
            actor=request.user,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return detail_page(request, delegation, status=refusal.status, paper_form=form)
    name = slugify(delegation.name_en) or f"delegation-{delegation.pk}"
    response = HttpResponse(
        invitation_letter(written, delegation=delegation), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="invitation-{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(request: ConferenceRequest, delegation: Delegation) -> HttpResponse:
    return redirect("delegates:delegation_detail", request.conference.slug, delegation.pk)
