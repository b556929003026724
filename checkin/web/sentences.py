"""The sentences that doors show beside a verdict: which there are, and how many read them."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from checkin.models import AttentionText
from checkin.operations import handling
from checkin.web.desk import trail
from conference.access import ConferenceRequest


@require_safe
def sentence_list(request: ConferenceRequest) -> HttpResponse:
    """List the sentences with the number of persons whom they are about."""
    texts = request.conference.attention_texts.annotate(people=Count("handlings"))
    return render(
        request,
        "checkin/desk/sentences.html",
        {"texts": texts.order_by("pk"), "trail": trail(request)},
    )


@require_POST
def sentence_remove(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Take a sentence away from everybody."""
    text = get_object_or_404(
        AttentionText.objects.select_related("conference"), conference=request.conference, pk=pk
    )
    handling.remove_text(text=text, now=timezone.now(), actor=request.user)
    messages.success(request, _("The sentence is not shown any more."))
    return redirect("checkin:sentence_list", request.conference.slug)
