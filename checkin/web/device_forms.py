"""A device as people fill it in: its name, where it stands, what it may do and how long."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from checkin.models import Device, Gate
from checkin.web.door_forms import Names, both_names
from checkin.web.moments import MomentField, venue_time
from conference.models import Conference


class GateChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A gate, shown with both its names."""

    def label_from_instance(self, obj: Gate) -> str:
        """Return both names."""
        return both_names(obj)


class DeviceForm(forms.Form):
    """A device, new or as it stands."""

    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=80,
        help_text=gettext_lazy("What the phone is called in this list, such as North door 2."),
    )
    gate = GateChoice(label=gettext_lazy("Gate"), queryset=Gate.objects.none())
    capabilities = forms.MultipleChoiceField(
        label=pgettext_lazy("device", "May"),
        choices=Device.Capability.choices,
        initial=[Device.Capability.SCAN],
        widget=forms.CheckboxSelectMultiple,
    )
    zones = Names(
        label=gettext_lazy("Areas that it serves"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of those that the gate leads into. None ticked: all of them."),
    )
    valid_until = MomentField(
        label=gettext_lazy("Works until"),
        help_text=gettext_lazy("Empty: two days after the conference."),
    )

    def __init__(self, conference: Conference, data: Any, *, device: Device | None = None) -> None:
        """Offer what this conference has, filled in with what the device has."""
        super().__init__(data, initial=_initial(device) if device else None)
        fields: dict[str, Any] = dict(self.fields)
        fields["gate"].queryset = conference.gates.all()
        fields["zones"].queryset = conference.zones.all()
        fields["valid_until"].conference = conference
        if device is not None:
            fields["valid_until"].required = True
            fields["valid_until"].help_text = ""

    def values(self) -> dict[str, Any]:
        """Return what was filled in, for the operations; without zones all of the gate's."""
        cleaned = dict(self.cleaned_data)
        if not cleaned["zones"]:
            cleaned["zones"] = cleaned["gate"].zones.all()
        return cleaned


def _initial(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "gate": device.gate_id,
        "capabilities": device.capabilities,
        "zones": device.zones.all(),
        "valid_until": venue_time(device.valid_until, device.conference),
    }
