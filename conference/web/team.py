"""The people who run the conference."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Membership, Role
from conference.operations import staffing


class RoleForm(forms.Form):
    """One person and the part that she or he is to have."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)


def team(request: ConferenceRequest) -> HttpResponse:
    """List the team; take a new person or a new role for a known one."""
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = staffing.give_role(
                conference=request.conference,
                actor=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(
                request,
                _("%(name)s is now %(role)s.")
                % {"name": membership.user, "role": membership.get_role_display()},
            )
            return redirect("conference:team", request.conference.slug)
    members = request.conference.memberships.select_related("user").order_by("role", "user__email")
    return render(
        request,
        "conference/team.html",
        {"form": form, "members": members},
        status=422 if form.errors else 200,
    )


@require_POST
def remove(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Take a person's part away."""
    membership = get_object_or_404(Membership, conference=request.conference, pk=pk)
    try:
        staffing.take_role_away(membership_id=membership.pk, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("conference:team", request.conference.slug)
