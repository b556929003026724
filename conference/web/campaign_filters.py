"""Filters of audiences under names: kept, picked for another mailing, renamed, deleted."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Campaign, SavedFilter
from conference.operations import campaigning
from conference.web.campaigns import find_campaign, narrow


class FilterNameForm(forms.Form):
    """A name for a filter."""

    name = forms.CharField(
        max_length=80,
        error_messages={
            "required": gettext_lazy("Give the filter a name."),
            "max_length": gettext_lazy("This name is too long: 80 characters at most."),
        },
    )


@require_POST
def save(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Keep how a mailing's audience is narrowed: as is ticked on the screen, if that comes along.

    The mailing is narrowed by it too, so that the page shows afterwards what it showed before.
    """
    campaign = find_campaign(request, pk)
    kind = campaigning.kind_of(campaign)
    if kind.by_hand is not None:
        raise Http404
    page = reverse("conference:campaign_audience", args=[request.conference.slug, campaign.pk])
    typed = urlencode({"filter_name": request.POST.get("name", "")[:200]})
    has_ticks = "ticks" in request.POST
    if has_ticks and not narrow(request, campaign, kind):
        return redirect(f"{page}?{typed}")
    try:
        saved = campaigning.save_filter(
            campaign=campaign, name=_name(request), now=timezone.now(), actor=request.user
        )
    except (DomainError, forms.ValidationError) as refusal:
        messages.error(request, _sentence(refusal))
        return redirect(f"{page}?{typed}")
    said = (
        _("The filter “%(name)s” is saved, and the list is narrowed by it.")
        if has_ticks
        else _("The filter “%(name)s” is saved.")
    )
    messages.success(request, said % {"name": saved.name})
    return redirect(page)


@require_POST
def take(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Narrow a mailing as a filter says."""
    campaign = find_campaign(request, pk)
    wanted = asked.number(request.POST, "filter")
    if wanted is None:
        raise Http404
    chosen = get_object_or_404(campaigning.filters_for(campaign), pk=wanted)
    try:
        campaigning.take_filter(campaign=campaign, saved=chosen)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("conference:campaign_audience", request.conference.slug, campaign.pk)


@require_safe
def filter_list(request: ConferenceRequest) -> HttpResponse:
    """List the filters with what each means."""
    labels = {kind.code: kind.label for kind in campaigning.kinds()}
    rows = [
        {
            "saved": saved,
            "kind": labels.get(saved.audience, saved.audience),
            "narrowed": campaigning.in_words(
                Campaign(
                    conference=request.conference,
                    audience=saved.audience,
                    narrowed=saved.narrowed,
                )
            ),
        }
        for saved in campaigning.filters_of(request.conference)
        if saved.audience in labels
    ]
    return render(request, "conference/campaigns/filters.html", {"rows": rows})


@require_POST
def rename(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Give a filter another name."""
    saved = _find(request, pk)
    try:
        campaigning.rename_filter(
            saved=saved, name=_name(request), now=timezone.now(), actor=request.user
        )
    except (DomainError, forms.ValidationError) as refusal:
        messages.error(request, _sentence(refusal))
    else:
        messages.success(request, _("The filter is called “%(name)s” now.") % {"name": saved.name})
    return redirect("conference:campaign_filters", request.conference.slug)


@require_POST
def delete(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Forget a filter."""
    saved = _find(request, pk)
    campaigning.delete_filter(saved=saved, now=timezone.now(), actor=request.user)
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
    return redirect("conference:campaign_filters", request.conference.slug)


def _find(request: ConferenceRequest, pk: int) -> SavedFilter:
    return get_object_or_404(campaigning.filters_of(request.conference), pk=pk)


def _name(request: ConferenceRequest) -> str:
    form = FilterNameForm(request.POST)
    if not form.is_valid():
        raise forms.ValidationError([str(each) for each in form.errors["name"]])
    name: str = form.cleaned_data["name"]
    return name


def _sentence(refusal: DomainError | forms.ValidationError) -> str:
    return str(refusal) if isinstance(refusal, DomainError) else " ".join(refusal.messages)
