"""What became of every letter of a conference."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Message
from conference.operations import mailing


@require_safe
def message_list(request: ConferenceRequest) -> HttpResponse:
    """List the letters with their states; ``state`` and ``q`` narrow the list."""
    letters = Message.objects.filter(conference=request.conference)
    counts = dict(letters.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    wanted = asked.words(request.GET, "q")
    if state in Message.State.values:
        letters = letters.filter(state=state)
    if wanted:
        letters = letters.filter(
            Q(to_email__icontains=wanted)
            | Q(to_name__icontains=wanted)
            | Q(subject__icontains=wanted)
        )
    chips = [
        {"code": code, "label": label, "count": counts.get(code, 0)}
        for code, label in Message.State.choices
        if counts.get(code)
    ]
    page = Paginator(letters.defer("body_text", "body_html"), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "conference/message_list.html",
        {"page": page, "chips": chips, "state": state, "wanted": wanted},
    )


@require_safe
def message_detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show one letter: every step with its time, and the mail server's answer."""
    letter = get_object_or_404(
        Message.objects.select_related("campaign"), conference=request.conference, pk=pk
    )
    retryable = letter.state in mailing.RETRYABLE
    return render(
        request, "conference/message_detail.html", {"letter": letter, "retryable": retryable}
    )


@require_POST
def message_retry(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Put a failed, held or missed letter back into the queue."""
    letter = get_object_or_404(Message, conference=request.conference, pk=pk)
    try:
        mailing.retry(message_id=letter.pk, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The letter to %(to)s is queued again.") % {"to": letter.to_email}
        )
    return redirect("conference:message_detail", request.conference.slug, letter.pk)
