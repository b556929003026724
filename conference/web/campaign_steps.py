"""How far a mailing is, and the steps of its life."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Campaign, Message, MessageAttachment, Role
from conference.operations import campaigning, mailing, sender_domain
from conference.web.campaign_forms import ScheduleForm
from conference.web.campaigns import find_campaign, previewed

#: Letters on a page of the progress.
PAGE = 100
_State = Message.State
_MOVING = (_State.QUEUED, _State.CLAIMED)
#: Steps after which letters leave.
_SENDING = ("start", "resume")
_STEPS: dict[str, Callable[..., Any]] = {
    "start": campaigning.start,
    "hold": campaigning.hold,
    "unschedule": campaigning.unschedule,
    "pause": campaigning.pause,
    "resume": campaigning.resume,
    "cancel": campaigning.cancel,
}
#: What is said when a step is taken.
_SAID = {
    "start": gettext_lazy("The letters are being sent."),
    "hold": gettext_lazy("The letters are made and held. None leaves until you go on."),
    "unschedule": gettext_lazy("This is a draft again and leaves at no time."),
    "pause": gettext_lazy("Paused. No more letters leave until you go on."),
    "resume": gettext_lazy("The letters are being sent."),
    "cancel": gettext_lazy("What had not left is cancelled."),
}
#: Where the next thing to do, or not to do, is not plain from the state of a letter alone.
_TELLING = (_State.CANCELLED, _State.FAILED, _State.UNCERTAIN, _State.MISSED, _State.INBOX)


@require_safe
def detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show how far the mailing is; a part of the page for htmx, which asks again and again."""
    campaign = find_campaign(request, pk)
    if request.headers.get("HX-Request"):
        return render(request, "conference/campaigns/_progress.html", _progress(request, campaign))
    return render(request, "conference/campaigns/detail.html", _facts(request, campaign))


@require_POST
def step(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Take one step in the life of the mailing."""
    campaign = find_campaign(request, pk)
    wanted = _STEPS.get(request.POST.get("step", ""))
    if wanted is None:
        messages.error(request, _("This is not possible now."))
    elif request.POST["step"] in _SENDING and _is_untold(request):
        return _asked_to_tick(request, campaign)
    else:
        _taken(request, wanted, campaign=campaign, now=timezone.now(), actor=request.user)
    return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)


@require_POST
def schedule(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let the mailing leave at a time by the clocks of a place."""
    campaign = find_campaign(request, pk)
    form = ScheduleForm(campaign, request.POST)
    if form.is_valid() and _is_untold(request):
        return _asked_to_tick(request, campaign, form=form)
    if form.is_valid():
        try:
            campaigning.schedule(
                campaign=campaign, **form.cleaned_data, now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The letters leave at the time that you chose."))
            return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)
    facts = _facts(request, campaign) | {"form": form}
    return render(request, "conference/campaigns/detail.html", facts, status=422)


@require_POST
def more(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Begin the same letter for other delegations, while this one is on its way to the first."""
    campaign = find_campaign(request, pk)
    if campaigning.kind_of(campaign).by_hand is None:
        raise Http404
    draft = campaigning.copy(campaign=campaign, now=timezone.now(), actor=request.user)
    messages.success(
        request,
        _("“%(name)s” is a new draft with the same text and files. Tick whom it goes to.")
        % {"name": draft.name},
    )
    return redirect("conference:campaign_audience", request.conference.slug, draft.pk)


def _is_untold(request: ConferenceRequest) -> bool:
    """Tell whether the letters will be refused, and whoever sends has not ticked to know it."""
    return sender_domain.is_refused() and "despite" not in request.POST


def _asked_to_tick(request: ConferenceRequest, campaign: Campaign, **given: Any) -> HttpResponse:
    facts = _facts(request, campaign) | {"is_tick_missing": True} | given
    return render(request, "conference/campaigns/detail.html", facts, status=422)


def _taken(request: ConferenceRequest, wanted: Callable[..., Any], **given: Any) -> None:
    try:
        wanted(**given)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(_SAID[request.POST["step"]]))


def _facts(request: ConferenceRequest, campaign: Campaign) -> dict[str, Any]:
    may_start = campaigning.may(campaign, "start")
    return _progress(request, campaign) | {
        "files": _files(campaign),
        "narrowed": campaigning.in_words(campaign),
        "recipients": campaigning.recipients_of(campaign) if may_start else None,
        "form": ScheduleForm(campaign),
        "seen": previewed(campaign, asked.words(request.GET, "sample")),
        "picture": sender_domain.seen(),
    }


def _files(campaign: Campaign) -> list[tuple[MessageAttachment, str]]:
    """Return what travels with the mailing, each with its name or what is made for everybody."""
    labels = {file.code: str(file.label) for file in campaigning.personal(campaign)}
    return [(each, labels.get(each.maker, each.file_name)) for each in campaigning.chosen(campaign)]


def _is_put_off(letter: Message) -> bool:
    return letter.state == _State.QUEUED and bool(letter.server_answer)


def _progress(request: ConferenceRequest, campaign: Campaign) -> dict[str, Any]:
    """Return what the moving part of the page needs: five questions, however many letters.

    ``state`` in the address narrows the list to letters of that state.
    """
    letters = Message.objects.filter(campaign=campaign)
    counts = mailing.counted_by_fate(letters)
    moving = sum(counts.get(state, 0) for state in _MOVING)
    is_making = campaign.expanded_at is None and campaign.state in (
        Campaign.State.SENDING,
        Campaign.State.PAUSED,
    )
    state = request.GET.get("state", "")
    listed = mailing.of_fate(letters, state).defer("body_text", "body_html")
    page = Paginator(listed.order_by("to_name", "pk"), PAGE).get_page(request.GET.get("page"))
    # What waits has a reason only where a server put it off.
    why = mailing.last_words(each for each in page if each.state in _TELLING or _is_put_off(each))
    kind = campaigning.kind_of(campaign)
    beside = kind.by_hand.beside(list(page)) if kind.by_hand else {}
    return {
        "campaign": campaign,
        "kind": kind,
        "total": sum(counts.values()),
        # What came back has left us too.
        "sent": counts.get(_State.SENT, 0) + counts.get(mailing.CAME_BACK, 0),
        "moving": moving,
        "failed": mailing.failed_of(letters).count() if counts.get(_State.FAILED) else 0,
        "in_doubt": counts.get(_State.UNCERTAIN, 0),
        "chips": [
            {"code": code, "label": label, "count": counts[code]}
            for code, label in mailing.FATES
            if counts.get(code)
        ],
        "state": state,
        # Letters that are to be held are made while nothing leaves.
        "is_moving": is_making or campaign.state == Campaign.State.SENDING,
        "is_making": is_making,
        "is_made": campaign.expanded_at is not None,
        "page": page,
        "rows": [(letter, why.get(letter.pk, ""), beside.get(letter.pk)) for letter in page],
        "may": {name: campaigning.may(campaign, name) for name in (*_STEPS, "schedule")},
        "may_step": request.membership.role == Role.ORGANISER,
    }
