"""The demo's outbox: every mail that would have left, readable as its recipient would see it."""

import email
import email.policy

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
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
    parsed = email.message_from_string(mail.source, policy=email.policy.default)
    body = parsed.get_body(preferencelist=("plain", "html"))
    return render(
        request,
        "conference/outbox_mail.html",
        {
            "mail": mail,
            "text": body.get_content() if body else "",
            "headers": list(parsed.items()),
            "attachments": [
                part.get_filename() or part.get_content_type() for part in parsed.iter_attachments()
            ],
        },
    )
