"""A delegate allows short texts to a phone, and stops them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conference import asked
from conference.errors import DomainError
from conference.operations.channels import adapters
from delegates.access import DelegateRequest
from delegates.models import TextAddress
from delegates.operations import text_consent
from sessions.web.notices import notices_page


@require_POST
def send_code(request: DelegateRequest) -> HttpResponse:
    """Send a code to the address that was typed."""
    channel = _channel(request)
    typed = asked.words(request.POST, "address")[:80]
    try:
        address = text_consent.address_from(typed, channel=channel, delegate=request.delegate)
        text_consent.send_code(
            delegate=request.delegate, channel=channel, address=address, now=timezone.now()
        )
    except DomainError as refusal:
        said = {channel: {"address": typed, "error": str(refusal)}}
        return notices_page(request, said=said, status=422)
    return redirect("programme:notices")


@require_POST
def use_code(request: DelegateRequest) -> HttpResponse:
    """Allow texts to the address whose code was typed."""
    channel = _channel(request)
    typed = asked.words(request.POST, "code")[:20]
    try:
        text_consent.use_code(
            delegate=request.delegate, channel=channel, code=typed, now=timezone.now()
        )
    except DomainError as refusal:
        said = {channel: {"code_error": str(refusal)}}
        return notices_page(request, said=said, status=422)
    messages.success(request, _("Texts go to your phone from now on."))
    return redirect("programme:notices")


@require_POST
def choose_news(request: DelegateRequest) -> HttpResponse:
    """Tell of mailings by text as well, or not."""
    text_consent.choose_news(
        delegate=request.delegate,
        channel=_channel(request),
        is_wanted="news" in request.POST,
        now=timezone.now(),
    )
    messages.success(request, _("Your choice is kept."))
    return redirect("programme:notices")


@require_POST
def stop(request: DelegateRequest) -> HttpResponse:
    """Send no more texts."""
    channel = _channel(request)
    if mine := text_consent.live_address(request.delegate, channel):
        text_consent.stop(
            delegate=request.delegate,
            channel=channel,
            address=mine.address,
            how=TextAddress.StoppedBy.PAGE,
            now=timezone.now(),
        )
        messages.success(request, _("No more texts go to your phone."))
    return redirect("programme:notices")


def _channel(request: DelegateRequest) -> str:
    channel = request.POST.get("channel", "")
    if channel not in adapters.CHANNELS or not adapters.is_on(channel):
        raise Http404
    return channel
