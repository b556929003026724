"""Addresses to which nothing is sent: which, why, since when; blocking and lifting by hand."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.documents import blocked_addresses
from conference.errors import DomainError
from conference.models import Message, Suppression
from conference.operations import mailing, suppressing


class BlockForm(forms.Form):
    """One address to block, and why."""

    address = forms.EmailField(label=gettext_lazy("E-mail"), max_length=320)
    evidence = forms.CharField(label=gettext_lazy("Why"), max_length=500)


class LiftForm(forms.Form):
    """Why a block ends."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)


@require_http_methods(["GET", "HEAD", "POST"])
def blocked_list(request: ConferenceRequest) -> HttpResponse:
    """List blocked addresses (``reason`` and ``q`` narrow the list); block one more."""
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suppressing.suppress(
                conference=request.conference,
                reason=Suppression.Reason.BY_HAND,
                actor=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(
                request,
                _("Nothing is sent to %(address)s any more.")
                % {"address": form.cleaned_data["address"]},
            )
            return redirect("conference:blocked_list", request.conference.slug)
    rows = Suppression.objects.filter(conference=request.conference)
    counts = dict(rows.order_by().values_list("reason").annotate(Count("pk")))
    reason = request.GET.get("reason", "")
    wanted = asked.words(request.GET, "q")
    if reason in Suppression.Reason.values:
        rows = rows.filter(reason=reason)
    if wanted:
        rows = rows.filter(
            Q(address__icontains=wanted) | Q(address__icontains=Suppression.form_of(wanted))
        )
    return render(
        request,
        "conference/blocked_list.html",
        {
            "form": form,
            "page": Paginator(rows, 50).get_page(request.GET.get("page")),
            "chips": [
                {"code": code, "label": label, "count": counts[code]}
                for code, label in Suppression.Reason.choices
                if counts.get(code)
            ],
            "reason": reason,
            "wanted": wanted,
            "dead": counts.get(Suppression.Reason.HARD_BOUNCE, 0),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def blocked_detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Tell why one address is blocked and whose it is; lift the block with a note."""
    row = get_object_or_404(
        Suppression.objects.select_related("message", "actor"),
        conference=request.conference,
        pk=pk,
    )
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suppressing.lift(
                suppression_id=row.pk,
                actor=request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request, _("%(address)s is written to again.") % {"address": row.address}
            )
            return redirect("conference:blocked_list", request.conference.slug)
    # Blocked by hand, it came of no letter: whoever was last written to there is meant.
    letter = row.message or (
        Message.objects.filter(conference=request.conference, to_email__iexact=row.address)
        .exclude(recipient="")
        .order_by("-pk")
        .first()
    )
    whose = letter.recipient if letter else ""
    return render(
        request,
        "conference/blocked_detail.html",
        {
            "row": row,
            "form": form,
            "stops": suppressing.WORDS_OF_STOPS[suppressing.STOPS[Suppression.Reason(row.reason)]],
            "person": mailing.recipient(conference=request.conference, whose=whose),
        },
        status=422 if form.errors else 200,
    )


@require_safe
def blocked_file(request: ConferenceRequest) -> HttpResponse:
    """Hand out the list as CSV."""
    answer = HttpResponse(
        blocked_addresses.as_csv(request.conference), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="blocked-addresses.csv"'
    return answer
