"""What is filled in at the arrival desk."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checkin.operations.walking_in import Entry, Typed
from conference.models import Conference
from conference.name_choice import NameChoice
from delegates.models import BadgeClass, Delegation
from delegates.operations.typed_text import visible

_HAN = {"lang": "zh-Hans"}


class PersonForm(forms.Form):
    """Who stands before the desk: a name in either script, and a title if there is one."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As on the passport or the business card, in either script."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    native_name = forms.CharField(
        label=_("Name in the other script"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_HAN | {"autocomplete": "off"}),
    )
    title_en = forms.CharField(
        label=pgettext_lazy("person", "Title in English"), max_length=200, required=False
    )
    title_zh = forms.CharField(
        label=pgettext_lazy("person", "Title in Chinese"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_HAN),
    )

    def clean(self) -> dict[str, Any]:
        """Take out what is not to be seen, and ask for a name of which something is."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = visible(value)
        if "name" in cleaned and not any(letter.isalnum() for letter in cleaned["name"]):
            self.add_error("name", _("Give the person's name, in either script."))
        return cleaned

    def typed(self) -> Typed:
        """Return what was typed."""
        return Typed(**self._person())

    def _person(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "native_name": cleaned["native_name"],
            "title": {"en": cleaned["title_en"], "zh": cleaned["title_zh"]},
        }


class WalkInForm(PersonForm):
    """Somebody who is on no list; the hidden id makes a form that is sent twice one person."""

    delegation = NameChoice(
        Delegation.objects.none(),
        label=_("Delegation"),
        required=False,
        empty_label=_("None: registered on site"),
    )
    badge_class = NameChoice(BadgeClass.objects.none(), label=_("Badge class"), empty_label=None)
    walk_in_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, conference: Conference, data: Any) -> None:
        """Offer the delegations of this conference and the classes meant for walk-ins."""
        super().__init__(data, initial={"walk_in_id": uuid.uuid4()})
        fields: dict[str, Any] = dict(self.fields)
        fields["delegation"].queryset = Delegation.objects.of(conference)
        fields["badge_class"].queryset = conference.badge_classes.filter(walk_ins=True)

    def entry(self) -> Entry:
        """Return what was typed."""
        delegation: Delegation | None = self.cleaned_data["delegation"]
        return Entry(
            **self._person(),
            delegation=delegation.pk if delegation else None,
            badge_class=self.cleaned_data["badge_class"].number,
        )


class WalkInClassesForm(forms.Form):
    """Which classes the desk may give to walk-ins."""

    classes = forms.ModelMultipleChoiceField(
        label=_("Badge classes that the desk may give"),
        queryset=BadgeClass.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, conference: Conference, data: Any) -> None:
        """Show what is allowed now."""
        classes = conference.badge_classes.all()
        super().__init__(data, initial={"classes": classes.filter(walk_ins=True)})
        field: Any = self.fields["classes"]
        field.queryset = classes


class ReplaceForm(forms.Form):
    """Why a badge is replaced."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
