"""Which badge classes the desk may give to walk-ins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkin.web.desk import trail
from checkin.web.desk_forms import WalkInClassesForm
from conference.access import ConferenceRequest
from delegates.operations import classing


@require_http_methods(["GET", "HEAD", "POST"])
def walk_in_classes(request: ConferenceRequest) -> HttpResponse:
    """Show the classes and take the choice."""
    form = WalkInClassesForm(request.conference, request.POST or None)
    if request.method == "POST" and form.is_valid():
        classing.allow_for_walk_ins(
            conference=request.conference,
            classes=form.cleaned_data["classes"],
            now=timezone.now(),
            actor=request.user,
        )
        messages.success(request, _("The desk gives these classes from now on."))
        return redirect("checkin:desk", request.conference.slug)
    return render(
        request,
        "checkin/desk/walk_in_classes.html",
        {"form": form, "trail": trail(request)},
        status=422 if form.errors else 200,
    )
