"""Letters of invitation and reminders: the list, and whom each is for.

They are written, sent and watched on the pages of all mailings.
"""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Campaign, Message
from conference.operations import campaigning, mailing
from delegates.documents import letter as letters_document
from delegates.models import Delegation
from delegates.operations import letters, reminding
from delegates.operations.progress import DelegationProgress, delegation_progress
from delegates.web import picking
from delegates.web.clock import in_venue_time
from delegates.web.letter_form import RecipientsForm, SendForm

_State = Message.State


@require_safe
def letter_list(request: ConferenceRequest) -> HttpResponse:
    """List the letters of invitation with what became of them."""
    found = (
        Campaign.objects.filter(conference=request.conference, purpose__in=letters.PURPOSES)
        .annotate(
            total=Count("messages"),
            sent=Count("messages", filter=Q(messages__state=_State.SENT)),
            failed=Count(
                "messages",
                filter=Q(messages__state__in=[_State.FAILED, _State.UNCERTAIN, _State.MISSED]),
            ),
            back=mailing.count_back(),
        )
        .order_by("-created_at", "-pk")
    )
    return render(
        request,
        "delegates/letters/list.html",
        {"conference": request.conference, "letters": found},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def choose(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Tick the delegations that a letter is for next; nothing is sent from here."""
    campaign = find_letter(request, pk)
    everybody = delegation_progress(request.conference)
    form = _form(request, campaign, everybody)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["delegations"]
        try:
            campaigning.choose(
                campaign=campaign,
                chosen=chosen,
                answer_by=form.cleaned_data.get("deadline"),
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d delegation is chosen. Nothing has been sent yet.",
                    "%(count)d delegations are chosen. Nothing has been sent yet.",
                    len(chosen),
                )
                % {"count": len(chosen)},
            )
            return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)
    return _pick(request, campaign, form, everybody)


def find_letter(request: ConferenceRequest, pk: int) -> Campaign:
    """Return this conference's letter, or answer 404."""
    return get_object_or_404(
        Campaign.objects.select_related("conference"),
        conference=request.conference,
        purpose__in=letters.PURPOSES,
        pk=pk,
    )


def _is_reminder(campaign: Campaign) -> bool:
    return campaign.purpose == reminding.MAIL_PURPOSE


def _form(
    request: ConferenceRequest, campaign: Campaign, everybody: list[DelegationProgress]
) -> RecipientsForm:
    """Return the form as it was sent; of one that was sent to look further, what was typed."""
    given: dict[str, Any] = {
        "conference": request.conference,
        "choices": [row.delegation.pk for row in everybody],
        "now": timezone.now(),
    }
    if picking.is_looking(request.POST):
        given["initial"] = {"deadline": request.POST.get("deadline", "")}
    elif request.method == "POST":
        given["data"] = request.POST
    if _is_reminder(campaign):
        return RecipientsForm(**given)
    return SendForm(**given, begin=campaign.answer_by)


def _pick(
    request: ConferenceRequest,
    campaign: Campaign,
    form: RecipientsForm,
    everybody: list[DelegationProgress],
) -> HttpResponse:
    seen = picking.look(request, campaign, everybody)
    slug = request.conference.slug
    return render(
        request,
        "delegates/letters/pick.html",
        {
            "conference": request.conference,
            "trail": [
                {"label": _("Letters"), "url": reverse("delegates:letter_list", args=[slug])},
                {
                    "label": campaign.name,
                    "url": reverse("conference:campaign_detail", args=[slug, campaign.pk]),
                },
            ],
            "letter": campaign,
            "is_reminder": _is_reminder(campaign),
            "form": form,
            "everybody": everybody,
            "seen": seen,
            "without_address": [row for row in seen.rows if not row.delegation.focal_email],
            "unwritten": _unwritten(campaign, seen.rows),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _unwritten(campaign: Campaign, rows: list[DelegationProgress]) -> list[Delegation]:
    """Return the delegations whose language the letter is not written in."""
    return [
        row.delegation
        for row in rows
        if letters_document.language_of(campaign, row.delegation.focal_language)
        != row.delegation.focal_language
    ]
