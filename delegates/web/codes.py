"""Opening a locked invitation with the code from the addressee's mailbox."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from conference.errors import DomainError
from delegates import unlocking
from delegates.access import FocalRequest
from delegates.operations import locking
from delegates.web.focal import Addresses


@require_POST
def send(request: FocalRequest) -> HttpResponse:
    """Mail a new code to the addressee; only ever to them, whoever asks."""
    if not unlocking.is_locked_for(request):
        return redirect(Addresses(request.way_in)["focal_home"])
    assert request.link is not None
    try:
        locking.send_code(link=request.link, now=timezone.now())
    except DomainError as refusal:
        return unlocking.page(request, error=str(refusal), sent=True, status=refusal.status)
    return unlocking.page(request, sent=True, status=200)


@require_POST
def unlock(request: FocalRequest) -> HttpResponse:
    """Open the link in this browser if the code is the right one."""
    if unlocking.is_locked_for(request):
        assert request.link is not None
        try:
            locking.use_code(
                link=request.link, code=request.POST.get("code", "")[:20], now=timezone.now()
            )
        except DomainError as refusal:
            return unlocking.page(request, error=str(refusal), sent=True, status=refusal.status)
        unlocking.unlock(request, request.link)
    return redirect(Addresses(request.way_in)["focal_home"])
