"""Reply slips to print, and the scans that came back."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from conference.access import ConferenceRequest
from conference.models import Language
from delegates.access import FocalRequest
from delegates.documents.reply_slip import Slip, reply_slip
from delegates.models import AnswerScan, Delegate, Delegation, Invitation
from delegates.operations import inviting
from delegates.web.delegations import find_delegation


@require_safe
def focal_slip(request: FocalRequest) -> HttpResponse:
    """Give the focal point the slip as a PDF; its code leads to where they are now."""
    if request.invitation is None:
        raise Http404
    address = f"{settings.PUBLIC_BASE_URL}{request.path.removesuffix('slip.pdf')}"
    wanted = request.GET.get("language", "")
    return _pdf(request.invitation, address, wanted)


@require_POST
def print_slip(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Give the organiser the slip of a delegation as a PDF, with a link of its own."""
    delegation = find_delegation(request, pk)
    invitation = inviting.latest_invitation(delegation)
    if invitation is None:
        raise Http404
    url = inviting.link_for_slip(invitation=invitation, now=timezone.now(), actor=request.user)
    return _pdf(invitation, url, request.POST.get("language", ""))


@require_safe
def scan(request: ConferenceRequest, pk: int, step: int) -> HttpResponse:
    """Give out the scan of an answer, to be kept and opened outside the browser."""
    found = get_object_or_404(
        AnswerScan,
        step=step,
        step__invitation__delegation=pk,
        step__invitation__conference=request.conference,
    )
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    return _as_file(response, found.file_name)


def _pdf(invitation: Invitation, url: str, wanted: str) -> HttpResponse:
    language = wanted if wanted in Language.values else get_language() or Language.ENGLISH
    people = Delegate.objects.attending().filter(delegation=invitation.delegation_id)
    slip = Slip(
        invitation=invitation,
        delegation=invitation.delegation,
        head=people.filter(role=Delegate.Role.HEAD).first(),
        people=people.count(),
        url=url,
    )
    with translation.override(language):
        content = reply_slip(slip, language=language)
    response = HttpResponse(content, content_type="application/pdf")
    return _as_file(response, f"reply-slip-{_name(invitation.delegation)}-{language}.pdf")


def _name(delegation: Delegation) -> str:
    return slugify(delegation.name_en) or f"delegation-{delegation.pk}"


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
