"""What an organiser may change of the conference itself."""

from datetime import date
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.access import ConferenceRequest
from conference.models import Conference, validate_day
from conference.operations import publishing


class ConferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """The conference's names, days and sender, in both languages."""

    class Meta:
        model = Conference
        fields: ClassVar = [
            "name_en",
            "name_zh",
            "theme_en",
            "theme_zh",
            "city_en",
            "city_zh",
            "first_day",
            "last_day",
            "timezone",
            "welcome_en",
            "welcome_zh",
            "sender_name_en",
            "sender_name_zh",
            "reply_to",
            "show_map",
            "published",
        ]
        widgets: ClassVar = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "welcome_en": forms.Textarea(attrs={"rows": 4}),
            "welcome_zh": forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}),
            "name_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "theme_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "city_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "sender_name_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
        }
        help_texts: ClassVar = {
            "published": gettext_lazy("Everybody can then see the public page and programme."),
            "sender_name_en": gettext_lazy(
                "Each recipient sees the name in her or his language; if that is empty, the other."
            ),
            "reply_to": gettext_lazy("Answers to letters go to this address."),
        }

    def clean_first_day(self) -> date:
        """Refuse years from which deadlines cannot be counted."""
        return self._day("first_day")

    def clean_last_day(self) -> date:
        """Refuse years from which deadlines cannot be counted."""
        return self._day("last_day")

    def _day(self, field: str) -> date:
        day: date = self.cleaned_data[field]
        validate_day(day)
        return day

    def clean(self) -> dict[str, object]:
        """Tell which field to correct where the database would only say no."""
        cleaned: dict[str, object] = super().clean() or {}
        if not cleaned.get("name_en") and not cleaned.get("name_zh"):
            self.add_error("name_en", _("Give the name in at least one language."))
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:  # type: ignore[operator]
            self.add_error("last_day", _("The last day cannot be before the first day."))
        return cleaned


def edit(request: ConferenceRequest) -> HttpResponse:
    """Show and take the settings of the conference."""
    # A copy of its own: a refused form must not colour the name in the page's frame.
    form = ConferenceForm(
        request.POST or None, instance=Conference.objects.get(pk=request.conference.pk)
    )
    if request.method == "POST" and form.is_valid():
        publishing.change_conference(
            conference_id=request.conference.pk,
            values=form.cleaned_data,
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The settings are saved."))
        return redirect("conference:settings", request.conference.slug)
    return render(
        request,
        "conference/settings.html",
        {"form": form},
        status=422 if form.errors else 200,
    )
