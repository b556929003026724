"""Supervisors of the doors: who may wave somebody through, each with a PIN."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checkin.errors import PinTooWeak
from checkin.models import Supervisor
from checkin.operations import supervising
from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Conference, User

_PIN = {"inputmode": "numeric", "autocomplete": "new-password"}


class PinForm(forms.Form):
    """A PIN typed twice; left empty, one is made by chance."""

    pin = forms.CharField(
        label=gettext_lazy("PIN, 6 to 12 digits"),
        required=False,
        max_length=supervising.LONGEST,
        widget=forms.PasswordInput(attrs=_PIN),
        help_text=gettext_lazy("Leave both empty to have one made, which is shown once."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same PIN again"),
        required=False,
        max_length=supervising.LONGEST,
        widget=forms.PasswordInput(attrs=_PIN),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ, and what is tried first."""
        cleaned: dict[str, Any] = super().clean() or {}
        pin, again = cleaned.get("pin", ""), cleaned.get("again", "")
        if pin != again:
            self.add_error("again", _("The two do not agree. Type the PIN again."))
        elif pin:
            try:
                supervising.refuse_weak(pin)
            except PinTooWeak as refusal:
                self.add_error("pin", str(refusal))
        return cleaned


class SupervisorForm(PinForm):
    """A new supervisor."""

    field_order = ("name", "user", "pin", "again")
    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=120,
        help_text=gettext_lazy("As the guards know the person: it is chosen from a list."),
    )
    user = forms.ModelChoiceField(
        label=gettext_lazy("Member of the team"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("none"),
    )

    def __init__(self, conference: Conference, data: Any) -> None:
        """Offer the team of this conference."""
        super().__init__(data)
        field: Any = self.fields["user"]
        field.queryset = User.objects.filter(memberships__conference=conference).order_by("email")


@require_safe
def supervisor_list(request: ConferenceRequest) -> HttpResponse:
    """List the supervisors, those who ended below."""
    everybody = request.conference.supervisors.select_related("user").order_by("name", "pk")
    return render(
        request,
        "checkin/supervisors/list.html",
        {
            "supervisors": [each for each in everybody if each.ended_at is None],
            "ended": [each for each in everybody if each.ended_at is not None],
        },
    )


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_new(request: ConferenceRequest) -> HttpResponse:
    """Make somebody a supervisor."""
    form = SupervisorForm(request.conference, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["pin"]
        pin = typed or supervising.new_pin()
        try:
            supervisor = supervising.add_supervisor(
                conference=request.conference,
                name=form.cleaned_data["name"],
                user=form.cleaned_data["user"],
                pin=pin,
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            return _done(request, supervisor, made="" if typed else pin)
    return _page(request, "checkin/supervisors/new.html", form)


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_pin(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Give a supervisor another PIN."""
    supervisor = get_object_or_404(Supervisor, conference=request.conference, pk=pk)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["pin"]
        pin = typed or supervising.new_pin()
        try:
            supervising.set_pin(
                supervisor=supervisor, pin=pin, now=timezone.now(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, supervisor, made="" if typed else pin)
    return _page(request, "checkin/supervisors/pin.html", form, supervisor=supervisor)


@require_POST
def supervisor_end(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Take a supervisor off the phones."""
    supervisor = get_object_or_404(Supervisor, conference=request.conference, pk=pk)
    supervising.end_supervisor(supervisor=supervisor, now=timezone.now(), actor=request.user)
    messages.success(request, _("%(name)s is no supervisor any more.") % {"name": supervisor})
    return redirect("checkin:supervisor_list", request.conference.slug)


def _page(
    request: ConferenceRequest, template: str, form: forms.Form, **known: Any
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "trail": _trail(request), **known},
        status=422 if form.errors else 200,
    )


def _done(request: ConferenceRequest, supervisor: Supervisor, *, made: str) -> HttpResponse:
    """Show a PIN that was made, this once; one that was typed is known already."""
    if not made:
        messages.success(request, _("The PIN of %(name)s is set.") % {"name": supervisor})
        return redirect("checkin:supervisor_list", request.conference.slug)
    response = render(
        request,
        "checkin/supervisors/made.html",
        {"supervisor": supervisor, "pin": made, "trail": _trail(request)},
        status=201,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _trail(request: ConferenceRequest) -> list[dict[str, str]]:
    url = reverse("checkin:supervisor_list", args=[request.conference.slug])
    return [{"label": _("Supervisors"), "url": url}]
