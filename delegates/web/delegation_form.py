"""What an organiser fills in about a delegation."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.models import Role, User
from conference.name_choice import NameChoice
from delegates.models import Delegation, Locality, Organisation

_HAN = {"lang": "zh-Hans"}


class PartyChoice(NameChoice):
    """A place or a body, by its name in the reader's language, with the place it is part of."""

    def label_from_instance(self, obj: Locality | Organisation) -> str:
        """Return the name that the list shows."""
        name = super().label_from_instance(obj)
        parent = getattr(obj, "parent", None)
        return f"{name} ({pick(parent, 'name', get_language())})" if parent else name


class DelegationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A delegation: whom it represents, its names, its focal point, its dates."""

    locality = PartyChoice(
        label=gettext_lazy("Place it represents"),
        queryset=Locality.objects.select_related("parent"),
        required=False,
        help_text=gettext_lazy("A state, province, county or city. Type to find it in the list."),
    )
    organisation = PartyChoice(
        label=gettext_lazy("Organisation it represents"),
        queryset=Organisation.objects.all(),
        required=False,
        help_text=gettext_lazy("For a body that is not a place, such as an association."),
    )
    organisation_en = forms.CharField(
        label=gettext_lazy("New organisation, name in English"), required=False, max_length=200
    )
    organisation_zh = forms.CharField(
        label=gettext_lazy("New organisation, name in Chinese"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_HAN),
    )

    class Meta:
        model = Delegation
        fields: ClassVar = [
            "locality",
            "organisation",
            "name_en",
            "name_zh",
            "precedence",
            "focal_name",
            "focal_email",
            "focal_phone",
            "focal_language",
            "liaison",
            "nominations_close",
            "note",
        ]
        widgets: ClassVar = {
            "name_zh": forms.TextInput(attrs=_HAN),
            "nominations_close": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "focal_phone": forms.TextInput(attrs={"type": "tel"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "name_en": gettext_lazy("Leave both empty to use the name of the place."),
            "precedence": gettext_lazy("Smaller numbers come first in lists."),
            "focal_email": gettext_lazy("The invitation goes here. Without it, print the letter."),
            "nominations_close": gettext_lazy("The last day on which the list can be changed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conference = self.instance.conference
        liaison = self.fields["liaison"]
        assert isinstance(liaison, forms.ModelChoiceField)
        liaison.queryset = User.objects.filter(
            memberships__conference=conference, memberships__role__in=Role.values
        ).order_by("name", "email")
        self.fields["precedence"].required = False

    def clean_precedence(self) -> int:
        """Put a delegation without a number last."""
        given = self.cleaned_data.get("precedence")
        return 999 if given is None else int(given)

    def clean(self) -> dict[str, Any]:
        """Ask for one party, for a name, and for a party without a delegation so far."""
        cleaned: dict[str, Any] = super().clean() or {}
        new_body = bool(cleaned.get("organisation_en") or cleaned.get("organisation_zh"))
        parties = [cleaned.get("locality"), cleaned.get("organisation"), new_body]
        if not {"locality", "organisation"} & set(self.errors):
            if not any(parties):
                self.add_error("locality", _("Choose the place or the organisation it represents."))
            elif sum(map(bool, parties)) > 1:
                self.add_error("organisation", _("Choose a place or an organisation, not both."))
        self._fill_names(cleaned)
        self._refuse_second(cleaned)
        return cleaned

    def _fill_names(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("name_en") or cleaned.get("name_zh"):
            return
        party = cleaned.get("locality") or cleaned.get("organisation")
        for suffix in ("en", "zh"):
            typed = cleaned.get(f"organisation_{suffix}") or ""
            cleaned[f"name_{suffix}"] = getattr(party, f"name_{suffix}") if party else typed

    def _refuse_second(self, cleaned: dict[str, Any]) -> None:
        others = Delegation.objects.filter(conference=self.instance.conference).exclude(
            pk=self.instance.pk
        )
        for name in ("locality", "organisation"):
            party = cleaned.get(name)
            if party and (present := others.filter(**{name: party}).first()):
                self.add_error(
                    name,
                    _("There is a delegation of it already: %(name)s.")
                    % {"name": pick(present, "name", get_language())},
                )

    def _get_validation_exclusions(self) -> set[str]:
        # `clean` names the field to correct, and a new organisation has no row before the save.
        told = {"locality", "organisation", "name_en", "name_zh"}
        return told.union(super()._get_validation_exclusions())  # type: ignore[misc]
