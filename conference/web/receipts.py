"""Where services report what became of texts. What is not signed, or not ours, does not exist."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conference.operations.channels import adapters, receipts
from conference.operations.channels.texts import ForgedError, UnreadableError

_logger = logging.getLogger(__name__)


# A service has no cookie: its signature is what lets it in.
@csrf_exempt
@require_POST
def text_receipt(request: HttpRequest, channel: str) -> HttpResponse:
    """Keep one receipt; the same one again changes nothing."""
    adapter = adapters.adapter_of(channel)
    if adapter is None:
        raise Http404
    now = timezone.now()
    try:
        receipt = adapter.receipt(headers=request.headers, body=request.body, now=now)
    except ForgedError as failure:
        # The other side is told nothing; whoever sets the gateway up looks here.
        _logger.warning("A receipt of %s was refused: %s", channel, failure)
        raise Http404 from failure
    except UnreadableError as failure:
        return JsonResponse({"detail": str(failure)}, status=400)
    if not receipts.keep(channel=channel, receipt=receipt, now=now):
        raise Http404
    return HttpResponse(status=204)
