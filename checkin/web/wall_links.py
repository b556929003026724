"""Where organisers make and revoke the links of wall screens."""

from typing import Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from checkin.models import WallLink
from checkin.operations import wall_links
from conference.access import ConferenceRequest

_LIFETIMES: Final = [
    (1, gettext_lazy("one day")),
    (3, gettext_lazy("three days")),
    (7, gettext_lazy("one week")),
    (30, gettext_lazy("30 days")),
]
STATES: Final = {
    "active": gettext_lazy("active"),
    "revoked": gettext_lazy("revoked"),
    "expired": gettext_lazy("expired"),
}


class WallLinkForm(forms.Form):
    """A screen, how long its link lives, and whether it may name people."""

    name = forms.CharField(
        label=gettext_lazy("Screen"),
        max_length=80,
        help_text=gettext_lazy("Where it hangs, such as “Foyer” or “Staff room”."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"), choices=_LIFETIMES, coerce=int, initial=3
    )
    names_vips = forms.BooleanField(
        label=gettext_lazy("Name VIPs who have arrived"),
        required=False,
        help_text=gettext_lazy("Everybody who passes the screen can read it."),
    )


@never_cache
def wall_link_list(request: ConferenceRequest) -> HttpResponse:
    """List the links; make a new one and show its address this once."""
    form = WallLinkForm(request.POST or None)
    fresh = ""
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        _link, token = wall_links.create_wall_link(
            conference=request.conference, actor=request.user, now=now, **form.cleaned_data
        )
        fresh = f"{settings.PUBLIC_BASE_URL}{reverse('checkin:wall_by_link', args=[token])}"
        form = WallLinkForm()
    links = WallLink.objects.filter(conference=request.conference).select_related("created_by")
    return render(
        request,
        "checkin/wall_links.html",
        {
            "form": form,
            "fresh": fresh,
            "listed": [(link, code := link.state_at(now), STATES[code]) for link in links],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def revoke(request: ConferenceRequest, pk: int) -> HttpResponse:
    """End a link: its screen goes dark."""
    link = get_object_or_404(
        WallLink.objects.select_related("conference"), conference=request.conference, pk=pk
    )
    wall_links.revoke_wall_link(link=link, actor=request.user, now=timezone.now())
    messages.success(request, _("The link of %(name)s is revoked.") % {"name": link.name})
    return redirect("checkin:wall_links", request.conference.slug)
