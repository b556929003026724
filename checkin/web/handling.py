"""How one person is received at the doors, and whether at all."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checkin.models import AttentionText, Zone
from checkin.operations import blocking, handling
from checkin.operations.handling import Care
from checkin.web.desk import find_person, trail
from checkin.web.moments import MomentField, venue_time
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from conference.models import Conference, Role
from delegates.models import Delegate

#: Who may open areas to a person, limit the badge in time, and block; the desk may not.
GRANTING = (Role.ORGANISER, Role.PROTOCOL)


class _TextChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: AttentionText) -> str:
        return pick(obj, "text", get_language())


class _ZoneChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Zone) -> str:
        return pick(obj, "name", get_language())


class HandlingForm(forms.Form):
    """What the doors are told about one person; times are the venue's."""

    to_desk = forms.BooleanField(label=gettext_lazy("Send to the desk"), required=False)
    escort = forms.BooleanField(
        label=gettext_lazy("Needs an escort"),
        required=False,
        help_text=gettext_lazy("In the areas where escorts are asked for."),
    )
    attention = _TextChoice(
        label=gettext_lazy("Sentence shown beside the verdict"),
        queryset=AttentionText.objects.none(),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Or a new sentence, in English"), max_length=200, required=False
    )
    text_zh = forms.CharField(
        label=gettext_lazy("The same in Chinese"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    valid_from = MomentField(label=gettext_lazy("Badge valid from"))
    valid_until = MomentField(label=gettext_lazy("Badge valid until"))
    zones = _ZoneChoice(
        label=gettext_lazy("Areas open to this person besides those of the class"),
        queryset=Zone.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, person: Delegate, data: Any, *, may_grant: bool) -> None:
        """Show what holds now; the desk sees only what it may say."""
        conference: Conference = person.conference
        self.care = handling.care_of(person)
        super().__init__(
            data,
            initial={
                "to_desk": self.care.to_desk,
                "escort": self.care.escort,
                "attention": self.care.attention,
                "valid_from": venue_time(self.care.valid_from, conference),
                "valid_until": venue_time(self.care.valid_until, conference),
                "zones": Zone.objects.filter(grants__delegate=person),
            },
        )
        fields: dict[str, Any] = dict(self.fields)
        fields["attention"].queryset = conference.attention_texts.all()
        fields["zones"].queryset = conference.zones.all()
        for name in ("valid_from", "valid_until"):
            fields[name].conference = conference
        if not may_grant:
            for name in ("valid_from", "valid_until", "zones"):
                del self.fields[name]

    def said(self, attention: AttentionText | None) -> Care:
        """Return what was said; what the reader may not say stays as it was."""
        cleaned = self.cleaned_data
        return Care(
            to_desk=cleaned["to_desk"],
            escort=cleaned["escort"],
            attention=attention or cleaned["attention"],
            valid_from=cleaned.get("valid_from", self.care.valid_from),
            valid_until=cleaned.get("valid_until", self.care.valid_until),
        )


class BlockForm(forms.Form):
    """Why somebody may enter nowhere."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Not shown at the doors: the person is asked to wait."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def handle(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Say how the person is received."""
    person = find_person(request, pk)
    form = HandlingForm(person, request.POST or None, may_grant=_may_grant(request))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, person, form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": person})
            return redirect("checkin:desk_person", request.conference.slug, pk)
    return _page(request, person, form=form)


@require_POST
def block(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let the person in nowhere from now on."""
    person = find_person(request, pk)
    form = BlockForm(request.POST)
    if not form.is_valid():
        return _page(request, person, block_form=form)
    blocking.block(
        delegate=person,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
        actor=request.user,
    )
    messages.success(request, _("%(name)s is let in nowhere from now on.") % {"name": person})
    return redirect("checkin:desk_handling", request.conference.slug, pk)


@require_POST
def unblock(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Let the person in again."""
    person = find_person(request, pk)
    blocking.lift_block(delegate=person, now=timezone.now(), actor=request.user)
    messages.success(request, _("%(name)s may come in again.") % {"name": person})
    return redirect("checkin:desk_handling", request.conference.slug, pk)


def _save(request: ConferenceRequest, person: Delegate, form: HandlingForm) -> None:
    now = timezone.now()
    text = handling.attention_text(
        conference=request.conference,
        text_en=form.cleaned_data["text_en"],
        text_zh=form.cleaned_data["text_zh"],
        now=now,
        actor=request.user,
    )
    handling.set_handling(delegate=person, care=form.said(text), now=now, actor=request.user)
    if "zones" in form.cleaned_data:
        handling.grant_zones(
            delegate=person, zones=form.cleaned_data["zones"], now=now, actor=request.user
        )


def _may_grant(request: ConferenceRequest) -> bool:
    return request.membership.role in GRANTING


def _page(
    request: ConferenceRequest,
    person: Delegate,
    *,
    form: HandlingForm | None = None,
    block_form: BlockForm | None = None,
) -> HttpResponse:
    may_grant = _may_grant(request)
    shown = form or HandlingForm(person, None, may_grant=may_grant)
    asked = block_form or BlockForm()
    return render(
        request,
        "checkin/desk/handling.html",
        {
            "person": person,
            "form": shown,
            "block_form": asked,
            "standing": blocking.block_of(person, timezone.now()),
            "may_grant": may_grant,
            "trail": trail(request, person),
        },
        status=422 if shown.errors or asked.errors else 200,
    )
