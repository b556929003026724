"""What a focal point fills in about a person."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from delegates.models import Delegate
from delegates.operations.missing import is_placeholder
from delegates.web.clock import MomentInput

_HAN = {"lang": "zh-Hans"}
#: Control characters, and those that turn the order of reading round: no name has them.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person on a delegation's list. Rank, VIP and the like are the organiser's business."""

    class Meta:
        model = Delegate
        fields: ClassVar = [
            "role",
            "honorific",
            "given_name",
            "family_name",
            "suffix",
            "native_name",
            "name_order",
            "badge_name",
            "title_en",
            "title_zh",
            "organisation_en",
            "organisation_zh",
            "email",
            "phone",
            "language",
            "needs_interpreter",
            "diet",
            "access_needs",
            "arrival_at",
            "arrival_by",
            "departure_at",
            "departure_by",
            "photo_consent",
        ]
        widgets: ClassVar = {
            "native_name": forms.TextInput(attrs=_HAN),
            "title_zh": forms.TextInput(attrs=_HAN),
            "organisation_zh": forms.TextInput(attrs=_HAN),
            "name_order": forms.RadioSelect,
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "arrival_at": MomentInput,
            "departure_at": MomentInput,
        }
        labels: ClassVar = {
            "native_name": _("Name in Chinese characters or another script"),
            "arrival_by": _("Arrives by (flight or train)"),
            "departure_by": _("Departs by (flight or train)"),
            "photo_consent": _("Agrees to be photographed for the conference"),
            "needs_interpreter": _("Needs an interpreter"),
        }
        help_texts: ClassVar = {
            "given_name": _("As in the passport, in Latin letters."),
            "family_name": _("As in the passport, in Latin letters."),
            "honorific": _("Such as Mr., Ms., Dr., The Honorable."),
            "diet": _("Such as vegetarian, halal, no nuts."),
            "access_needs": _("Such as a wheelchair or a hearing loop."),
            "email": _("Several people may share one. Leave it empty if there is none."),
        }

    def __init__(self, *args: Any, locked: Iterable[str] = (), **kwargs: Any) -> None:
        """Show the fields named in ``locked`` without letting them be changed."""
        super().__init__(*args, **kwargs)
        self.locked = sorted(set(locked) & set(self.fields))
        for name in self.locked:
            self.fields[name].disabled = True
        self.fields["name_order"].choices = Delegate.NameOrder.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a name in either script, and for a departure after the arrival."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = " ".join(_INVISIBLE.sub(" ", value).split())
        names = [cleaned.get(name) for name in ("given_name", "family_name", "native_name")]
        if not any(names) and not {"given_name", "family_name", "native_name"} & set(self.errors):
            self.add_error("given_name", _("Give the person's name, in either script."))
        for name in ("given_name", "family_name", "native_name"):
            if is_placeholder(cleaned.get(name) or ""):
                self.add_error(name, _("Give the person's name instead of a placeholder."))
        arrival, departure = cleaned.get("arrival_at"), cleaned.get("departure_at")
        if arrival and departure and departure <= arrival:
            self.add_error("departure_at", _("The departure must be after the arrival."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what was filled in, for the operations; locked fields are left out."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.locked}
