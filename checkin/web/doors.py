"""Zones with their rules, in words, and the gates that lead into them."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from checkin.models import Gate, Zone
from checkin.operations import zoning
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.errors import DomainError
from conference.models import Conference

_WINDOWS = 3
_INPUT = "%Y-%m-%dT%H:%M"


class _Names(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(name for name in (obj.name_en, obj.name_zh) if name)


class _Moment(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_INPUT)
        super().__init__(input_formats=[_INPUT], widget=widget, required=False, **kwargs)


class _Clocks(forms.CharField):
    """Times of day, separated by commas or blanks."""

    def to_python(self, value: Any) -> list[time]:  # type: ignore[override]
        words = str(value or "").replace("，", ",").replace(",", " ").split()
        try:
            return sorted({time.fromisoformat(word.replace("：", ":")) for word in words})
        except ValueError:
            raise forms.ValidationError(
                gettext_lazy("Write times such as 04:00, separated by commas.")
            ) from None

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(each.strftime("%H:%M") for each in value)
        return str(value or "")


class ZoneForm(forms.Form):
    """A zone's rules; times are the venue's."""

    name_en = forms.CharField(label=pgettext_lazy("thing", "Name in English"), max_length=120)
    name_zh = forms.CharField(
        label=pgettext_lazy("thing", "Name in Chinese"), max_length=120, required=False
    )
    open_to = _Names(
        label=gettext_lazy("Open to badges of the class"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reentry = forms.ChoiceField(
        label=gettext_lazy("May one come in again?"),
        choices=[(code, capfirst(words)) for code, words in Zone.Reentry.choices],
    )
    is_arrival = forms.BooleanField(
        label=gettext_lazy("Being scanned here means having arrived"), required=False
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("zone", "Places"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=gettext_lazy("The board warns above it; nobody is turned away by it."),
    )
    reset_at = _Clocks(
        label=gettext_lazy("Everybody counts as gone each day at"),
        required=False,
        help_text=gettext_lazy(
            "One or more times, such as 04:00, 17:00. Whoever was not scanned out may come in"
            " again after them; at a meal, everybody once more."
        ),
    )

    def __init__(self, conference: Conference, data: Any, *, zone: Zone | None) -> None:
        """Fill in what the zone has now."""
        self.conference = conference
        super().__init__(data, initial=_initial(conference, zone))
        self.fields["open_to"].queryset = conference.badge_classes.all()  # type: ignore[attr-defined]
        self.numbers = range(1, max(_WINDOWS, len(zone.windows) + 1 if zone else 0) + 1)
        for number in self.numbers:
            self.fields[f"from_{number}"] = _Moment(label=_("Opens"))
            self.fields[f"until_{number}"] = _Moment(label=_("Closes"))

    def window_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each window together."""
        return [(self[f"from_{number}"], self[f"until_{number}"]) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Refuse a window that closes before it opens."""
        cleaned = super().clean() or self.cleaned_data
        for number in self.numbers:
            start, end = cleaned.get(f"from_{number}"), cleaned.get(f"until_{number}")
            if start and end and end <= start:
                self.add_error(f"until_{number}", _("It must close after it opens."))
        return cleaned

    def rules(self) -> zoning.ZoneRules:
        """Return what was filled in."""
        cleaned = self.cleaned_data
        windows = [
            [self._ms(cleaned[f"from_{number}"]), self._ms(cleaned[f"until_{number}"])]
            for number in self.numbers
        ]
        return zoning.ZoneRules(
            name_en=cleaned["name_en"],
            name_zh=cleaned["name_zh"],
            open_to=cleaned["open_to"],
            reentry=cleaned["reentry"],
            windows=[window for window in windows if any(window)],
            resets=self._resets(cleaned["reset_at"]),
            capacity=cleaned["capacity"],
            is_arrival=cleaned["is_arrival"],
        )

    def _ms(self, moment: datetime | None) -> int | None:
        if moment is None:
            return None
        local = moment.replace(tzinfo=self.conference.zone)
        return round(local.timestamp() * 1000)

    def _resets(self, clocks: list[time]) -> list[int]:
        days = (self.conference.last_day - self.conference.first_day).days + 2
        return [
            round(
                datetime.combine(
                    self.conference.first_day + timedelta(days=day), at, tzinfo=self.conference.zone
                ).timestamp()
                * 1000
            )
            for day in range(days)
            for at in clocks
        ]


class GateForm(forms.Form):
    """A gate: its name and the zones it leads into."""

    name_en = forms.CharField(label=pgettext_lazy("thing", "Name in English"), max_length=120)
    name_zh = forms.CharField(
        label=pgettext_lazy("thing", "Name in Chinese"), max_length=120, required=False
    )
    zones = _Names(
        label=gettext_lazy("Leads into"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Phones set up before serve the zones that it led into then."),
    )

    def __init__(self, conference: Conference, data: Any, *, gate: Gate | None) -> None:
        """Fill in what the gate has now."""
        initial = (
            {"name_en": gate.name_en, "name_zh": gate.name_zh, "zones": gate.zones.all()}
            if gate
            else {}
        )
        super().__init__(data, initial=initial)
        self.fields["zones"].queryset = conference.zones.all()  # type: ignore[attr-defined]


def zone_edit(request: ConferenceRequest, pk: int | None = None) -> HttpResponse:
    """Make a zone or change its rules."""
    conference = request.conference
    zone = get_object_or_404(Zone, conference=conference, pk=pk) if pk else None
    form = ZoneForm(conference, request.POST or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            saved = zoning.save_zone(
                conference=conference,
                zone=zone,
                rules=form.rules(),
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error("name_en", str(refusal))
        else:
            name = pick(saved, "name", get_language())
            messages.success(request, _("The zone %(name)s is saved.") % {"name": name})
            return redirect("checkin:device_list", conference.slug)
    return _page(request, "checkin/zone_edit.html", form, zone=zone)


def gate_edit(request: ConferenceRequest, pk: int | None = None) -> HttpResponse:
    """Make a gate or change where it leads."""
    conference = request.conference
    gate = get_object_or_404(Gate, conference=conference, pk=pk) if pk else None
    form = GateForm(conference, request.POST or None, gate=gate)
    if request.method == "POST" and form.is_valid():
        try:
            saved = zoning.save_gate(
                conference=conference,
                gate=gate,
                now=timezone.now(),
                actor=request.user,
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_error("name_en", str(refusal))
        else:
            name = pick(saved, "name", get_language())
            messages.success(request, _("The gate %(name)s is saved.") % {"name": name})
            return redirect("checkin:device_list", conference.slug)
    return _page(request, "checkin/gate_edit.html", form, gate=gate)


def _page(
    request: ConferenceRequest, template: str, form: forms.Form, **known: Any
) -> HttpResponse:
    return render(request, template, {"form": form, **known}, status=422 if form.errors else 200)


def _initial(conference: Conference, zone: Zone | None) -> dict[str, Any]:
    if zone is None:
        return {"open_to": list(conference.badge_classes.all()), "reset_at": [time(4, 0)]}
    initial: dict[str, Any] = {
        "name_en": zone.name_en,
        "name_zh": zone.name_zh,
        "open_to": zone.open_to.all(),
        "reentry": zone.reentry,
        "is_arrival": zone.is_arrival,
        "capacity": zone.capacity,
    }
    initial["reset_at"] = sorted({_local(conference, reset).time() for reset in zone.resets})
    for number, (start, end) in enumerate(zone.windows, start=1):
        initial[f"from_{number}"] = _local(conference, start) if start is not None else None
        initial[f"until_{number}"] = _local(conference, end) if end is not None else None
    return initial


def _local(conference: Conference, ms: int) -> datetime:
    """Return an instant as the venue's clocks show it, without its zone, as fields want it."""
    return datetime.fromtimestamp(ms / 1000, tz=conference.zone).replace(tzinfo=None)
