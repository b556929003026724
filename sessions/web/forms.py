"""What people say about a session. Times are those of the venue's clocks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, Room
from conference.name_choice import NameChoice
from sessions.models import Appearance, Session, Speaker

_LONGEST_REMINDER = 7 * 24 * 60


def _written_large(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(code, capfirst(word)) for code, word in choices]


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class SessionForm(forms.Form):
    """A session, new or changed. Open it under the conference's time zone."""

    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=_written_large(Session.Kind.choices))
    starts_at = _moment(_("Start"))
    ends_at = _moment(_("End"))
    room = NameChoice(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("No room")
    )
    place_en = forms.CharField(
        label=_("Place in English"),
        max_length=200,
        required=False,
        help_text=_("Where there is no room, or how to find it."),
    )
    place_zh = forms.CharField(label=_("Place in Chinese"), max_length=200, required=False)
    summary_en = forms.CharField(
        label=_("Summary in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    summary_zh = forms.CharField(
        label=_("Summary in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=_written_large(Session.Visibility.choices),
        initial=Session.Visibility.PUBLIC,
    )
    takes_enrolments = forms.BooleanField(
        label=_("Delegates take seats in advance"), required=False
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave empty for no limit."),
    )
    remind_minutes_before = forms.IntegerField(
        label=_("Reminder, minutes before the start"),
        min_value=5,
        max_value=_LONGEST_REMINDER,
        required=False,
        help_text=_("Sent by mail to those with a seat. Leave empty for none."),
    )
    languages = forms.CharField(label=_("Languages"), max_length=80, required=False)
    interpretation = forms.CharField(label=_("Interpretation"), max_length=120, required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        assert isinstance(room, forms.ModelChoiceField)
        room.queryset = Room.objects.filter(venue__conference=conference).select_related("venue")

    def clean(self) -> dict[str, Any]:
        """Ask for a title in one language, and for an end after the start."""
        said: dict[str, Any] = super().clean() or {}
        if not (said.get("title_en") or said.get("title_zh")):
            self.add_error("title_en", _("Give a title in at least one language."))
        starts_at, ends_at = said.get("starts_at"), said.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("A session ends after it starts."))
        if said.get("remind_minutes_before") and not said.get("takes_enrolments"):
            self.add_error(
                "remind_minutes_before",
                _("Reminders go to those with a seat: let delegates take seats as well."),
            )
        return said


class CancelForm(forms.Form):
    """Why a session will not take place."""

    reason_en = forms.CharField(label=_("Reason in English"), max_length=200, required=False)
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason in one language."""
        said: dict[str, Any] = super().clean() or {}
        if not (said.get("reason_en") or said.get("reason_zh")):
            self.add_error("reason_en", _("Say why in at least one language: delegates read it."))
        return said


class SpeakerForm(forms.Form):
    """A person's part in a session: one who is known already, or a new one."""

    speaker = NameChoice(
        Speaker.objects.none(),
        label=_("Speaker"),
        required=False,
        empty_label=_("Somebody new (fill in the name)"),
    )
    name_en = forms.CharField(
        label=pgettext_lazy("person", "Name in English"), max_length=200, required=False
    )
    name_zh = forms.CharField(
        label=pgettext_lazy("person", "Name in Chinese"), max_length=100, required=False
    )
    title_en = forms.CharField(
        label=pgettext_lazy("person", "Title in English"), max_length=300, required=False
    )
    title_zh = forms.CharField(
        label=pgettext_lazy("person", "Title in Chinese"), max_length=300, required=False
    )
    part = forms.ChoiceField(
        label=_("Part"), choices=_written_large(Appearance.Part.choices), initial="speaker"
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        speaker = self.fields["speaker"]
        assert isinstance(speaker, forms.ModelChoiceField)
        speaker.queryset = Speaker.objects.filter(conference=conference)

    def clean(self) -> dict[str, Any]:
        """Ask for somebody known or for a new name."""
        said: dict[str, Any] = super().clean() or {}
        if not (said.get("speaker") or said.get("name_en") or said.get("name_zh")):
            self.add_error("speaker", _("Choose a speaker, or give the name of a new one."))
        return said

    def chosen(self) -> Speaker:
        """Return the speaker: known, or new and not yet stored."""
        said = self.cleaned_data
        known: Speaker | None = said["speaker"]
        return known or Speaker(
            conference=self.conference,
            name_en=said["name_en"],
            name_zh=said["name_zh"],
            title_en=said["title_en"],
            title_zh=said["title_zh"],
        )
