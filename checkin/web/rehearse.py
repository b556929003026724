"""Making a rehearsal of the conference, to train staff."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkin.operations import rehearsing
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import validate_day
from delegates.operations.cloning import Addresses


class RehearsalForm(forms.Form):
    """Where and when the rehearsal is, and whether it may write to the real people."""

    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=50,
        help_text=gettext_lazy("Small letters, digits and hyphens, such as suzhou-rehearsal."),
    )
    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_day],
        help_text=gettext_lazy("Every date of the conference moves with it."),
    )
    addresses = forms.ChoiceField(
        label=gettext_lazy("E-mail addresses of the people"),
        widget=forms.RadioSelect,
        choices=[
            (Addresses.CLEAR.value, gettext_lazy("Leave them out: nobody outside gets mail")),
            (
                Addresses.KEEP.value,
                gettext_lazy("Copy them: letters of the rehearsal reach the real people"),
            ),
        ],
    )


def rehearse(request: ConferenceRequest) -> HttpResponse:
    """Ask for address and day, make the copy and lead to its overview."""
    conference = request.conference
    now = timezone.now()
    initial: dict[str, Any] = {
        "slug": f"{conference.slug}-rehearsal"[:50],
        "first_day": conference.today(now),
        "addresses": Addresses.CLEAR.value,
    }
    form = RehearsalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            copy = rehearsing.make_rehearsal(
                source=conference,
                slug=form.cleaned_data["slug"],
                first_day=form.cleaned_data["first_day"],
                addresses=Addresses(form.cleaned_data["addresses"]),
                actor=request.user,
                now=now,
            )
        except DomainError as refusal:
            form.add_error("slug", str(refusal))
        else:
            messages.success(request, _("The rehearsal stands. This is its overview."))
            return redirect("checkin:overview", copy.slug)
    return render(
        request,
        "checkin/rehearse.html",
        {"form": form, "rehearsals": conference.rehearsals.order_by("-first_day")},
        status=422 if form.errors else 200,
    )
