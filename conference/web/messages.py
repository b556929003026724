"""What became of every letter of a conference."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Campaign, Message
from conference.operations import mailing, suppressing
from conference.web.downloads import as_file

#: So much of a source is shown, in characters: an attachment is nothing to read.
_SHOWN = 40_000
#: So many different answers of mail servers are listed.
_REASONS = 8


@require_safe
def message_list(request: ConferenceRequest) -> HttpResponse:
    """List the letters with what became of them; ``state`` and ``q`` narrow the list."""
    ours = Message.objects.filter(conference=request.conference)
    counts = mailing.counted_by_fate(ours)
    state = request.GET.get("state", "")
    wanted = asked.words(request.GET, "q")
    letters = mailing.of_fate(ours, state)
    if wanted:
        letters = letters.filter(
            Q(to_email__icontains=wanted)
            | Q(to_name__icontains=wanted)
            | Q(subject__icontains=wanted)
        )
    chips = [
        {"code": code, "label": label, "count": counts.get(code, 0)}
        for code, label in mailing.FATES
        if counts.get(code)
    ]
    page = Paginator(letters.defer("body_text", "body_html"), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "conference/message_list.html",
        {
            "page": page,
            "chips": chips,
            "state": state,
            "wanted": wanted,
            "failed": counts.get(Message.State.FAILED, 0) and mailing.failed_of(ours).count(),
        },
    )


@require_safe
def message_detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Tell why somebody did or did not get a letter: each step, its time and the rule behind it."""
    letter = find_letter(request, pk)
    goes_to = mailing.goes_to(letter)
    person = mailing.recipient(conference=letter.conference, whose=letter.recipient)
    # Its link is only for the address that it was written to, as with a letter of invitation.
    is_elsewhere = letter.has_come_back and person is not None and person.email != goes_to
    may_retry = mailing.may_retry(letter)
    return render(
        request,
        "conference/message_detail.html",
        {
            "letter": letter,
            "steps": mailing.explained(mailing.steps_of(letter)),
            "text": mailing.without_links(letter.body_text),
            "attachments": mailing.shown(letter),
            "may_retry": may_retry,
            "may_send": may_retry and not is_elsewhere,
            "is_elsewhere": is_elsewhere,
            "goes_to": goes_to,
            "blocks": suppressing.blocks_of([goes_to], conference=letter.conference),
            "person": person,
        },
    )


@require_safe
def message_file(request: ConferenceRequest, pk: int, file: int) -> HttpResponse:
    """Hand out a file of a letter; one that is made is made anew, from what is known now."""
    letter = find_letter(request, pk)
    found = next((each for each in mailing.attachments_of(letter) if each.pk == file), None)
    if found is None:
        raise Http404
    try:
        content = mailing.content_of(found, letter)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("conference:message_detail", request.conference.slug, letter.pk)
    name = mailing.name_of(found, letter)
    return as_file(content, content_type=found.content_type, name=name)


@require_safe
def message_source(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show a letter as the mail server gets it, headers and all; its links open nothing."""
    letter = find_letter(request, pk)
    try:
        source = mailing.source_of(letter)
    except DomainError as refusal:
        source = str(refusal)
    return render(
        request,
        "conference/message_source.html",
        {"letter": letter, "source": source[:_SHOWN], "is_cut": len(source) > _SHOWN},
    )


@require_POST
def message_retry(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Put a failed, held or missed letter back into the queue."""
    letter = find_letter(request, pk)
    try:
        mailing.retry(message_id=letter.pk, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The letter to %(to)s is queued again.")
            % {"to": mailing.goes_to(letter) or letter.to_name},
        )
    return redirect("conference:message_detail", request.conference.slug, letter.pk)


@require_POST
def message_settle(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Note that a letter of which nobody knew has arrived."""
    letter = find_letter(request, pk)
    try:
        mailing.settle(message_id=letter.pk, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The letter to %(to)s counts as sent.") % {"to": letter.to_email}
        )
    return redirect("conference:message_detail", request.conference.slug, letter.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def retry_failed(request: ConferenceRequest) -> HttpResponse:
    """Put failed letters back into the queue, all or those of one mailing, after a look at them."""
    failed = mailing.failed_of(Message.objects.filter(conference=request.conference))
    campaign = None
    if number := asked.number(request.GET, "mailing"):
        campaign = get_object_or_404(Campaign, conference=request.conference, pk=number)
        failed = failed.filter(campaign=campaign)
    if request.method == "POST":
        count = mailing.retry_all(letters=failed, now=timezone.now(), actor=request.user)
        messages.success(
            request,
            ngettext(
                "%(count)d letter is queued again.", "%(count)d letters are queued again.", count
            )
            % {"count": count},
        )
        if campaign is not None:
            return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)
        return redirect("conference:message_list", request.conference.slug)
    return render(
        request,
        "conference/message_retry_failed.html",
        {
            "campaign": campaign,
            "count": failed.count(),
            "reasons": mailing.reasons_of(failed)[:_REASONS],
        },
    )


def find_letter(request: ConferenceRequest, pk: int) -> Message:
    """Return this conference's letter, or answer 404."""
    return get_object_or_404(
        mailing.with_fates(Message.objects.select_related("campaign", "conference")),
        conference=request.conference,
        pk=pk,
    )
