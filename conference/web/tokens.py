"""The keys with which other programs read this conference."""

from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conference.access import ConferenceRequest
from conference.models import ApiToken, Role
from conference.operations import tokens

#: What each part lets a program read, in the words of the form.
_PARTS: Final = [
    (Role.VIEWER, gettext_lazy("Programme and delegations")),
    (Role.DESK, gettext_lazy("Programme, delegations and delegates")),
    (Role.PROGRAMME, gettext_lazy("Delegations, and sessions not yet published too")),
    (Role.PROTOCOL, gettext_lazy("Everything, contacts and needs included")),
]
_LIFETIMES: Final = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("one year")),
]


class TokenForm(forms.Form):
    """A program, what it may read and for how long."""

    name = forms.CharField(
        label=gettext_lazy("Program"),
        max_length=80,
        help_text=gettext_lazy("Such as “Badge printer” or “City web site”."),
    )
    role = forms.ChoiceField(label=gettext_lazy("May read"), choices=_PARTS)
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"), choices=_LIFETIMES, coerce=int, initial=90
    )


@never_cache
def token_list(request: ConferenceRequest) -> HttpResponse:
    """List the tokens; make a new one and show it this once."""
    form = TokenForm(request.POST or None)
    fresh = None
    if request.method == "POST" and form.is_valid():
        _row, fresh = tokens.create_token(
            conference=request.conference,
            actor=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
        form = TokenForm()
    now = timezone.now()
    usable = ApiToken.objects.usable(now).filter(pk=OuterRef("pk"))
    rows = (
        ApiToken.objects.filter(conference=request.conference)
        .select_related("owner")
        .annotate(is_usable=Exists(usable))
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    parts = dict(_PARTS)
    listed = [(row, parts.get(Role(row.role), row.get_role_display())) for row in page]
    return render(
        request,
        "conference/tokens.html",
        {"form": form, "fresh": fresh, "page": page, "listed": listed, "now": now},
        status=422 if form.errors else 200,
    )


@require_POST
def revoke(request: ConferenceRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    row = get_object_or_404(ApiToken, conference=request.conference, pk=pk)
    tokens.revoke_token(token_id=row.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The token for %(name)s is revoked.") % {"name": row.name})
    return redirect("conference:api_tokens", request.conference.slug)
