"""Loading a list of blocked addresses: choose or paste it, see what each row does, write it.

Nothing is kept between the steps: the list itself goes to the browser and back.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.operations import blocklisting

#: Rows that are shown; the counts are of all.
_SHOWN = 200
Action = blocklisting.Action


class BlockListForm(forms.Form):
    """A list as a file, or as text: pasted, or corrected on the page."""

    file = forms.FileField(
        label=gettext_lazy("List"),
        required=False,
        help_text=gettext_lazy(
            "A text table (.csv) with the columns address, reason, since and evidence, as “As a "
            "file” gives it, or one address on each line."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste it"),
        required=False,
        max_length=blocklisting.LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    origin = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Read the list, from whichever of the two there is."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        try:
            if file:
                cleaned["text"] = blocklisting.decoded(file.read(blocklisting.LARGEST + 1))
                cleaned["origin"] = file.name[:200]
            cleaned["rows"] = blocklisting.rows_in(cleaned.get("text") or "")
        except DomainError as refusal:
            self.add_error("file" if file else "text", str(refusal))
        else:
            if not cleaned["rows"] and not self.errors:
                self.add_error("file", _("Choose a file with addresses, or paste some."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: ConferenceRequest) -> HttpResponse:
    """Take a list, show what each row would do, and write it when that is asked for."""
    is_sent = request.method == "POST"
    form = BlockListForm(request.POST, request.FILES) if is_sent else BlockListForm()
    if not form.is_valid():
        return render(
            request,
            "conference/blocked_load.html",
            {"form": form},
            status=422 if form.errors else 200,
        )
    if "write" in request.POST:
        return _written(request, form.cleaned_data)
    return _looked_at(request, form.cleaned_data)


def _written(request: ConferenceRequest, told: dict[str, Any]) -> HttpResponse:
    count = blocklisting.write(
        conference=request.conference,
        rows=told["rows"],
        origin=_origin(told),
        now=timezone.now(),
        actor=request.user,
    )
    messages.success(
        request,
        ngettext("%(count)d address is blocked.", "%(count)d addresses are blocked.", count)
        % {"count": count},
    )
    planned = blocklisting.plan(
        conference=request.conference, rows=told["rows"], now=timezone.now()
    )
    if any(each.action == Action.WAITS for each in planned):
        # What waits is not kept anywhere else, so it stays in sight.
        return _looked_at(request, told)
    return redirect("conference:blocked_list", request.conference.slug)


def _looked_at(request: ConferenceRequest, told: dict[str, Any]) -> HttpResponse:
    planned = blocklisting.plan(
        conference=request.conference, rows=told["rows"], now=timezone.now()
    )
    counts = [(code, sum(each.action == code for each in planned)) for code in Action.values]
    return render(
        request,
        "conference/blocked_preview.html",
        {
            "text": told["text"],
            "origin": told["origin"],
            # What needs a hand stands first.
            "rows": sorted(planned, key=lambda each: each.action != Action.WAITS)[:_SHOWN],
            "left_out": max(0, len(planned) - _SHOWN),
            "counts": [(code, Action(code).label, count) for code, count in counts if count],
            "blocks": dict(counts)[Action.BLOCK],
            "waits": dict(counts)[Action.WAITS],
        },
    )


def _origin(told: dict[str, Any]) -> str:
    if told["origin"]:
        return _("From the list %(name)s") % {"name": told["origin"]}
    return _("From a pasted list")
