"""What an organiser fills in about people, decisions and lists."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from conference.name_choice import NameChoice
from delegates.models import Accreditation, BadgeClass, Delegate, Delegation
from delegates.operations.importing.contacts import read_phone
from delegates.operations.importing.files import LARGEST_FILE
from delegates.operations.importing.matching import NEW_PERSON
from delegates.web.member_form import MemberForm

State = Accreditation.State
SUBMIT, RESTORE = "submit", "restore"


class DelegateForm(MemberForm):
    """A person as the organiser sees one: with rank and VIP, and the place of the name."""

    class Meta(MemberForm.Meta):
        fields: ClassVar = [*MemberForm.Meta.fields, "rank", "vip"]
        help_texts: ClassVar = {
            **MemberForm.Meta.help_texts,
            "rank": _("1 is the highest. People are named in this order after head and deputy."),
        }

    def values(self) -> dict[str, Any]:
        """Return what was filled in, with the phone in international form where it can be told."""
        values = super().values()
        party = self.instance.delegation.locality or self.instance.delegation.organisation
        country = party.country if party else ""
        _text, e164, _findings = read_phone(values.get("phone", ""), country=country, column="")
        return {**values, "phone_e164": e164}


class DecisionForm(forms.Form):
    """One step of an accreditation, with a reason where the delegation will ask for one."""

    step = forms.ChoiceField(
        choices=[
            (SUBMIT, _("submit")),
            (State.APPROVED, _("approve")),
            (State.REFUSED, _("refuse")),
            (State.NOMINATED, _("give back")),
            (State.WITHDRAWN, _("withdraw")),
            (RESTORE, _("restore")),
        ],
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The delegation reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason of a refusal."""
        cleaned: dict[str, Any] = super().clean() or {}
        needs_one = cleaned.get("step") in (State.REFUSED, State.NOMINATED)
        if needs_one and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give a reason: the delegation will read it."))
        return cleaned


class ClassForm(forms.Form):
    """The badge class of one person."""

    badge_class = NameChoice(BadgeClass.objects.none(), label=_("Badge class"))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        """Offer the classes of this conference."""
        super().__init__(*args, **kwargs)
        self.fields["badge_class"].queryset = conference.badge_classes.all()  # type: ignore[attr-defined]


class NewDelegateForm(forms.Form):
    """Whose list the new person goes on."""

    delegation = NameChoice(Delegation.objects.none(), label=_("Delegation"))

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        """Offer the delegations of this conference."""
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = Delegation.objects.of(conference)  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """A list to load, and whose it is."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("A spreadsheet (.xlsx) or a text table (.csv), at most 10 MB."),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".xlsx,.xlsm,.csv,.txt,text/csv,application/"
                "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
        error_messages={
            "required": _("Choose the file to load."),
            "empty": _("This file is empty."),
        },
    )
    delegation = NameChoice(
        Delegation.objects.none(),
        label=_("Delegation"),
        required=False,
        empty_label=_("The list says it itself, in a column or in headings"),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        """Offer the delegations of this conference."""
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = Delegation.objects.of(conference)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("This file is larger than 10 MB. Send the list without pictures.")
            )
        return file


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row that needs a hand: the person as read, to be corrected."""

    who = forms.ChoiceField(
        label=_("Who is it?"),
        required=False,
        help_text=_("Say so where the name alone does not tell."),
    )
    field_order = ("delegation", "who")

    class Meta:
        model = Delegate
        field_classes: ClassVar = {"delegation": NameChoice}
        labels: ClassVar = {"delegation": _("Delegation")}
        fields: ClassVar = [
            "delegation",
            "family_name",
            "given_name",
            "native_name",
            "title_en",
            "title_zh",
            "role",
            "email",
            "phone",
        ]
        widgets: ClassVar = {
            "native_name": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "title_zh": forms.TextInput(attrs={"lang": "zh-Hans"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(
        self, *args: Any, conference: Conference, namesakes: list[Delegate], **kwargs: Any
    ) -> None:
        """Offer this conference's delegations, and the people whom the row may be about."""
        super().__init__(*args, **kwargs)
        delegation = self.fields["delegation"]
        delegation.queryset = Delegation.objects.of(conference)  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("as the list says")),
            (NEW_PERSON, _("somebody new")),
            *((str(person.pk), _described(person)) for person in namesakes),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a name in either script."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) for name in ("family_name", "given_name", "native_name")):
            self.add_error("family_name", _("Give the person's name, in either script."))
        return cleaned

    def _post_clean(self) -> None:
        """Leave the model's own checks to the operation: this form saves nothing."""


def _described(person: Delegate) -> str:
    facts = (str(person), person.native_name, person.title_en or person.title_zh, person.email)
    return " · ".join(dict.fromkeys(fact for fact in facts if fact))
