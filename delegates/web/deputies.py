"""Handing a delegation's work to a deputy, and taking it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from conference.access import ConferenceRequest
from conference.errors import DomainError
from conference.models import Language
from delegates.access import FocalRequest, stays_open
from delegates.operations import deputising, inviting, life, locking
from delegates.web import focal
from delegates.web.delegations import find_delegation

_KEEPS: tuple[tuple[str, Any], ...] = (
    ("look", gettext_lazy("only look, and take the work back")),
    ("change", gettext_lazy("go on changing things, too")),
)


class DeputyForm(forms.Form):
    """Who does the work from now on, and what remains to whom hands it over."""

    name = forms.CharField(label=gettext_lazy("Name of the deputy"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail of the deputy"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"), choices=Language.choices
    )
    keeps = forms.ChoiceField(
        label=gettext_lazy("With your own link you can then"),
        choices=_KEEPS,
        widget=forms.RadioSelect,
        initial="look",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: FocalRequest) -> HttpResponse:
    """Let the focal point, but not a deputy, name who does the work from now on."""
    home = focal.Addresses(request.way_in)["focal_home"]
    invitation = request.invitation
    if invitation is None or request.deputy is not None:
        return redirect(home)
    form = DeputyForm(
        request.POST or None, initial={"language": invitation.language, "keeps": "look"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            deputy = deputising.hand_over(
                invitation=invitation,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                language=form.cleaned_data["language"],
                former_keeps_rights=form.cleaned_data["keeps"] == "change",
                now=timezone.now(),
                by=focal.author(request),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            told = _("%(name)s got a letter with a link of their own.") % {"name": deputy.name}
            messages.success(request, told)
            return redirect(home)
    facts = focal.frame(request) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "delegates/focal/deputy.html", facts, status=status)


@stays_open
@require_POST
def take_back(request: FocalRequest) -> HttpResponse:
    """Let the focal point end what they handed over; a deputy cannot."""
    deputy = request.deputy
    if deputy is not None and (request.link is None or request.link.deputy_id is None):
        deputising.take_back(deputy=deputy, now=timezone.now(), by=focal.author(request))
        messages.success(request, _("The work is yours again. Both of you are told by mail."))
    return redirect(focal.Addresses(request.way_in)["focal_home"])


@require_POST
def take_back_for(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let the organiser end a deputy's work."""
    delegation = find_delegation(request, pk)
    deputy = deputising.deputy_of(inviting.latest_invitation(delegation))
    if deputy is not None:
        by = life.by_organiser(request.user)
        deputising.take_back(deputy=deputy, now=timezone.now(), by=by)
        messages.success(request, _("The deputy's link is closed. Both are told by mail."))
    return redirect("delegates:delegation_detail", request.conference.slug, delegation.pk)


@require_POST
def lock(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Lock the invitation to its addressee, or open it to whoever has the link."""
    delegation = find_delegation(request, pk)
    invitation = inviting.latest_invitation(delegation)
    wanted = request.POST.get("lock")
    if invitation is None or wanted not in {"on", "off"}:
        pass
    elif wanted == "on" and not invitation.addressee_email:
        messages.error(request, _("There is no e-mail address to send a code to."))
    else:
        locking.set_lock(
            invitation=invitation, locked=wanted == "on", now=timezone.now(), actor=request.user
        )
        said = (
            _("The link now asks for a code that goes to the addressee.")
            if wanted == "on"
            else _("The link now opens for whoever has it.")
        )
        messages.success(request, said)
    return redirect("delegates:delegation_detail", request.conference.slug, delegation.pk)
