"""Sending a letter of invitation to delegations, and watching it go."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from conference.models import Campaign, Message
from conference.operations import mailing, sender_domain
from delegates.documents import letter as letters_document
from delegates.models import Delegation, Invitation
from delegates.operations import inviting, posting, reminding
from delegates.operations.inviting import Sending
from delegates.operations.progress import DelegationProgress, delegation_progress
from delegates.web.clock import in_venue_time
from delegates.web.letter_form import RecipientsForm, SendForm
from delegates.web.letters import find_letter, trail

_MOVING = (Message.State.QUEUED, Message.State.CLAIMED)


@require_http_methods(["GET", "HEAD", "POST"])
@in_venue_time
def send(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Pick the delegations, name the count, send. Each of the three is a page of its own."""
    campaign = find_letter(request, pk)
    everybody = delegation_progress(request.conference)
    form = _form_of(campaign)(
        request.POST or None,
        conference=request.conference,
        choices=[row.delegation.pk for row in everybody],
        now=timezone.now(),
    )
    if request.method != "POST" or "back" in request.POST or not form.is_valid():
        return _pick(request, campaign, form, everybody)
    chosen = {row.delegation.pk: row for row in everybody}
    picked = [chosen[pk] for pk in form.cleaned_data["delegations"]]
    is_untold = sender_domain.is_refused() and "despite" not in request.POST
    if "send" not in request.POST or is_untold:
        return _review(request, campaign, form, picked)
    try:
        outcome = _send(request, campaign, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _pick(request, campaign, form, everybody)
    _tell(request, outcome)
    return redirect("delegates:letter_detail", request.conference.slug, campaign.pk)


@require_safe
def detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show how far the sending is and what became of each letter; a part of it for htmx."""
    campaign = find_letter(request, pk)
    sent = list(
        mailing.with_fates(Message.objects.filter(campaign=campaign))
        .defer("body_text", "body_html")
        .order_by("to_name", "to_email", "pk")
    )
    invitations = Invitation.objects.filter(
        pk__in=[posting.invitation_id_of(message) for message in sent]
    ).select_related("delegation")
    by_pk = {invitation.pk: invitation for invitation in invitations}
    counts = {
        "sent": sum(message.state == Message.State.SENT for message in sent),
        "moving": sum(message.state in _MOVING for message in sent),
        "failed": sum(message.state in mailing.RETRYABLE_TOGETHER for message in sent),
        "in_doubt": sum(message.state == Message.State.UNCERTAIN for message in sent),
        "back": sum(message.has_come_back for message in sent),
        "total": len(sent),
    }
    facts = {
        "conference": request.conference,
        "trail": trail(request),
        "letter": campaign,
        "rows": [(message, by_pk.get(posting.invitation_id_of(message))) for message in sent],
        "counts": counts,
    }
    page = "_progress.html" if request.headers.get("HX-Request") else "detail.html"
    return render(request, f"delegates/letters/{page}", facts)


@require_POST
def retry_failed(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Put every failed letter back into the queue; those in doubt are decided one by one."""
    campaign = find_letter(request, pk)
    count = mailing.retry_all(
        letters=Message.objects.filter(campaign=campaign), now=timezone.now(), actor=request.user
    )
    messages.success(
        request,
        ngettext("%(count)d letter is queued again.", "%(count)d letters are queued again.", count)
        % {"count": count},
    )
    return redirect("delegates:letter_detail", request.conference.slug, campaign.pk)


def _is_reminder(campaign: Campaign) -> bool:
    return campaign.purpose == reminding.MAIL_PURPOSE


def _form_of(campaign: Campaign) -> type[RecipientsForm]:
    return RecipientsForm if _is_reminder(campaign) else SendForm


def _send(request: ConferenceRequest, campaign: Campaign, form: RecipientsForm) -> Sending:
    chosen, now = form.cleaned_data["delegations"], timezone.now()
    if _is_reminder(campaign):
        return reminding.remind(
            campaign=campaign, delegation_ids=chosen, now=now, actor=request.user
        )
    return inviting.send_letter(
        campaign=campaign,
        delegation_ids=chosen,
        deadline=form.cleaned_data["deadline"],
        now=now,
        actor=request.user,
    )


def _pick(
    request: ConferenceRequest,
    campaign: Campaign,
    form: RecipientsForm,
    everybody: list[DelegationProgress],
) -> HttpResponse:
    groups = {
        "not_invited": [row for row in everybody if not row.is_invited],
        "not_answered": [row for row in everybody if row.is_invited and not row.is_answered],
        "all": everybody,
    }
    usual = "not_answered" if _is_reminder(campaign) else "not_invited"
    show = request.GET.get("show", "")
    show = show if show in groups else usual
    wanted = request.GET.get("q", "").strip()
    rows = groups[show]
    if wanted:
        rows = [row for row in rows if row.matches(wanted)]
    if form.is_bound:
        # Whatever was ticked must stay in sight, filtered or not.
        rows = everybody
        ticked = set(asked.numbers(request.POST.getlist("delegations")))
    else:
        ticked = {
            row.delegation.pk for row in rows if row.delegation.focal_email and row in groups[usual]
        }
    labels = {
        "not_invited": _("Not invited"),
        "not_answered": _("Not answered"),
        "all": _("All"),
    }
    return render(
        request,
        "delegates/letters/pick.html",
        _frame(request, campaign, form)
        | {
            "rows": rows,
            "ticked": ticked,
            "show": show,
            "wanted": wanted,
            "chips": [(code, labels[code], len(group)) for code, group in groups.items()],
            "without_address": [row for row in rows if not row.delegation.focal_email],
            "unwritten": _unwritten(campaign, rows),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _review(
    request: ConferenceRequest,
    campaign: Campaign,
    form: RecipientsForm,
    picked: list[DelegationProgress],
) -> HttpResponse:
    without = [row for row in picked if not row.delegation.focal_email]
    settled = _settled(campaign, picked)
    already = [row for row in picked if row.delegation.pk in settled and row not in without]
    return render(
        request,
        "delegates/letters/review.html",
        _frame(request, campaign, form)
        | {
            "recipients": [row for row in picked if row not in without and row not in already],
            "without_address": without,
            "already": already,
            "picked": picked,
            "deadline": form.cleaned_data.get("deadline"),
            "unwritten": _unwritten(campaign, picked),
            "picture": sender_domain.seen(),
            "is_tick_missing": "send" in request.POST,
        },
        status=422 if "send" in request.POST else 200,
    )


def _settled(campaign: Campaign, picked: list[DelegationProgress]) -> set[int]:
    """Return the delegations that this letter is not for (any more)."""
    if _is_reminder(campaign):
        reminded = {
            posting.invitation_id_of(message)
            for message in Message.objects.filter(campaign=campaign).only("key")
        }
        now = timezone.now()
        return {
            row.delegation.pk
            for row in picked
            if row.invitation is None
            or not row.is_invited
            or row.is_answered
            or row.invitation.pk in reminded
            or row.invitation.refusal(now)
        }
    mailed = posting.messages_of([row.invitation for row in picked if row.invitation])
    return {
        row.delegation.pk
        for row in picked
        if row.invitation is not None and (row.is_answered or row.invitation.pk in mailed)
    }


def _frame(request: ConferenceRequest, campaign: Campaign, form: RecipientsForm) -> dict[str, Any]:
    url = reverse("delegates:letter_detail", args=[request.conference.slug, campaign.pk])
    return {
        "conference": request.conference,
        "trail": [*trail(request), {"label": campaign.name, "url": url}],
        "letter": campaign,
        "is_reminder": _is_reminder(campaign),
        "form": form,
    }


def _unwritten(campaign: Campaign, rows: list[DelegationProgress]) -> list[Delegation]:
    """Return the delegations whose language the letter is not written in."""
    return [
        row.delegation
        for row in rows
        if letters_document.language_of(campaign, row.delegation.focal_language)
        != row.delegation.focal_language
    ]


def _tell(request: ConferenceRequest, outcome: Sending) -> None:
    count = len(outcome.queued)
    if count:
        messages.success(
            request,
            ngettext(
                "%(count)d letter is on its way.", "%(count)d letters are on their way.", count
            )
            % {"count": count},
        )
    left_out = (
        (outcome.already_invited, _("Answered or written to before, so not sent: %(names)s.")),
        (outcome.without_address, _("No e-mail address, so not sent: %(names)s.")),
    )
    for delegations, sentence in left_out:
        if delegations:
            names = _(", ").join(
                pick(delegation, "name", get_language()) for delegation in delegations
            )
            messages.warning(request, sentence % {"names": names})
