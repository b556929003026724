"""The delegate's inbox: every letter that was written to them, whether mail brought it or not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from conference.errors import DomainError
from conference.models import Message
from conference.operations import inbox as letters
from conference.operations import mailing
from delegates.access import DelegateRequest
from delegates.operations import letter_text
from sessions.web.me import frame, whose

#: Letters on a page.
PAGE = 20


@require_safe
def inbox(request: DelegateRequest) -> HttpResponse:
    """List the letters, the newest first."""
    found = _letters(request).defer("body_text", "body_html")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "sessions/inbox.html", frame(request, "inbox") | {"page": page})


@require_safe
def letter(request: DelegateRequest, pk: int) -> HttpResponse:
    """Show one letter; that it was read is said by a press or by the page's script."""
    message = _find(request, pk)
    context = frame(request, "inbox") | {
        "letter": message,
        "paragraphs": letter_text.paragraphs(message, delegate=request.delegate),
        "attachments": [each for each in mailing.shown(message) if each.is_there],
    }
    return render(request, "sessions/inbox_letter.html", context)


@require_safe
def attachment(request: DelegateRequest, pk: int, file: int) -> HttpResponse:
    """Hand out a file that came with a letter."""
    message = _find(request, pk)
    found = next((each for each in mailing.attachments_of(message) if each.pk == file), None)
    if found is None:
        raise Http404
    try:
        content = mailing.content_of(found, message)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("programme:inbox_letter", pk)
    name = content_disposition_header(as_attachment=True, filename=mailing.name_of(found, message))
    headers = {"Content-Disposition": name} if name else {}
    return HttpResponse(content, content_type=found.content_type, headers=headers)


@require_POST
def read(request: DelegateRequest, pk: int) -> HttpResponse:
    """Note that a letter was read."""
    letters.mark_read(letters=[_find(request, pk)], now=timezone.now())
    return redirect("programme:inbox")


@require_POST
def read_all(request: DelegateRequest) -> HttpResponse:
    """Note that all letters were read."""
    letters.mark_read(letters=_letters(request).filter(reading=None), now=timezone.now())
    return redirect("programme:inbox")


def _letters(request: DelegateRequest) -> QuerySet[Message]:
    return letters.letters_for(
        conference=request.conference, whose=whose(request.delegate), now=timezone.now()
    )


def _find(request: DelegateRequest, pk: int) -> Message:
    found = _letters(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
