"""Letters of invitation and reminders: the list, and whom each is for.

They are written, sent and watched on the pages of all mailings.
"""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Campaign, Message
from conference.operations import campaigning, mailing
from delegates.documents import letter as letters_document
from delegates.models import Delegation
from delegates.operations import letters, reminding
from delegates.operations.progress import DelegationProgress, delegation_progress
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
        .select_related("created_by")
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
    form = _form_of(campaign)(
        request.POST or None,
        conference=request.conference,
        choices=[row.delegation.pk for row in everybody],
        now=timezone.now(),
        **({"begin": campaign.answer_by} if not _is_reminder(campaign) else {}),
    )
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


def _form_of(campaign: Campaign) -> type[RecipientsForm]:
    return RecipientsForm if _is_reminder(campaign) else SendForm


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
        still = _reachable(campaign, everybody)
        ticked = still & set(campaign.narrowed.get(campaigning.CHOSEN, ()))
        if ticked:
            # A search must not drop them, nor tick anybody who was left out on purpose.
            found = {row.delegation.pk for row in rows} | ticked
            rows = [row for row in everybody if row.delegation.pk in found]
        else:
            ticked = still & {row.delegation.pk for row in rows if row in groups[usual]}
    labels = {
        "not_invited": _("Not invited"),
        "not_answered": _("Not answered"),
        "all": _("All"),
    }
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


def _reachable(campaign: Campaign, rows: list[DelegationProgress]) -> set[int]:
    """Return those who have an address and whom the letter has not reached yet."""
    kind = campaigning.kind_of(campaign)
    assert kind.by_hand is not None
    found = Delegation.objects.filter(
        pk__in=[row.delegation.pk for row in rows if row.delegation.focal_email]
    )
    return set(kind.by_hand.still(campaign, found).values_list("pk", flat=True))


def _unwritten(campaign: Campaign, rows: list[DelegationProgress]) -> list[Delegation]:
    """Return the delegations whose language the letter is not written in."""
    return [
        row.delegation
        for row in rows
        if letters_document.language_of(campaign, row.delegation.focal_language)
        != row.delegation.focal_language
    ]
