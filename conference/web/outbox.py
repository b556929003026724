"""The demo's outbox: every mail that would have left, readable as its recipient would see it."""

import email
import email.policy
from email.message import EmailMessage

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conference import asked
from conference.models import OutboxMail


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first; ``q`` searches recipient and subject."""
    wanted = asked.words(request.GET, "q")
    mails = OutboxMail.objects.defer("source")
    if wanted:
        mails = mails.filter(Q(to_email__icontains=wanted) | Q(subject__icontains=wanted))
    page = Paginator(mails, 50).get_page(request.GET.get("page"))
    return render(request, "conference/outbox.html", {"page": page, "wanted": wanted})


@require_safe
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail: its text with working links, its headers, its source."""
    mail = get_object_or_404(OutboxMail, pk=pk)
    parsed = _parsed(mail)
    body = parsed.get_body(preferencelist=("plain", "html"))
    return render(
        request,
        "conference/outbox_mail.html",
        {
            "mail": mail,
            "text": body.get_content() if body else "",
            "has_html": parsed.get_body(preferencelist=("html",)) is not None,
            "headers": list(parsed.items()),
            "attachments": [
                part.get_filename() or part.get_content_type() for part in parsed.iter_attachments()
            ],
        },
    )


# Mail programs read styles in the elements themselves; nothing of such a page may run or load.
@csp_replace(  # type: ignore[arg-type]  # its types know no view with arguments
    {"default-src": [NONE], "script-src": [NONE], "style-src": [UNSAFE_INLINE]}
)
@require_safe
def outbox_html(_request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as a mail program would; 404 for a mail that is text alone."""
    body = _parsed(get_object_or_404(OutboxMail, pk=pk)).get_body(preferencelist=("html",))
    if body is None:
        raise Http404
    return HttpResponse(body.get_content())


def _parsed(mail: OutboxMail) -> EmailMessage:
    # As bytes: the parser takes letters beyond ASCII in a string for a mistake, and escapes them.
    return email.message_from_bytes(mail.source.encode(), policy=email.policy.default)
