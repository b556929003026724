"""Zones with their rules and gates, as people fill them in; times are the venue's."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from checkin.models import Gate, Zone
from checkin.operations import opening, zoning
from checkin.web.moments import MomentField, venue_time
from conference.bilingual import other, pick
from conference.models import Conference
from conference.venue_time import written_moment
from sessions.models import Session

_WINDOWS = 3
_MOST_MINUTES = 600


def both_names(obj: Any) -> str:
    """Return both names, the one of the reader's language first."""
    language = get_language()
    return " · ".join(
        name for name in (pick(obj, "name", language), other(obj, "name", language)) if name
    )


class Names(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several things, each shown with both its names."""

    def label_from_instance(self, obj: Any) -> str:
        """Return both names."""
        return both_names(obj)


class _SessionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Session) -> str:
        language = get_language() or "en"
        begins = written_moment(obj.starts_at, obj.conference.zone, language)
        return f"{begins} · {pick(obj, 'title', language)}"


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
    open_to = Names(
        label=gettext_lazy("Open to badges of the class"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    provisional = Names(
        label=gettext_lazy("Let in on the badge’s signature alone, if of the class"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "For badges issued after an offline phone last had its list. None: they go to the desk."
        ),
    )
    reentry = forms.ChoiceField(
        label=gettext_lazy("May one come in again?"),
        choices=[(code, capfirst(words)) for code, words in Zone.Reentry.choices],
    )
    is_arrival = forms.BooleanField(
        label=gettext_lazy("Being scanned here means having arrived"), required=False
    )
    escort = forms.BooleanField(
        label=gettext_lazy("Whoever needs an escort needs one here"), required=False
    )
    session = _SessionChoice(
        label=gettext_lazy("Door of the session"),
        queryset=Session.objects.none(),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    for_enrolled = forms.BooleanField(
        label=gettext_lazy("Open to whoever has a seat in the session, whatever the class"),
        required=False,
    )
    lead_minutes = forms.IntegerField(
        label=gettext_lazy("Opens before the session, minutes"),
        min_value=0,
        max_value=_MOST_MINUTES,
        required=False,
        help_text=gettext_lazy(
            "Where given, the times of entry follow the session when it is moved. Empty: the times"
            " below hold."
        ),
    )
    lag_minutes = forms.IntegerField(
        label=gettext_lazy("Closes after the session, minutes"),
        min_value=0,
        max_value=_MOST_MINUTES,
        required=False,
        help_text=gettext_lazy(
            "For sessions that run over. Empty: it closes when the session ends."
        ),
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
        fields: dict[str, Any] = dict(self.fields)
        for name in ("open_to", "provisional"):
            fields[name].queryset = conference.badge_classes.all()
        fields["session"].queryset = conference.sessions.select_related("conference")
        self.numbers = range(1, max(_WINDOWS, len(zone.windows) + 1 if zone else 0) + 1)
        for number in self.numbers:
            for name, label in ((f"from_{number}", _("Opens")), (f"until_{number}", _("Closes"))):
                moment = MomentField(label=label)
                moment.conference = conference
                self.fields[name] = moment

    def window_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each window together."""
        return [(self[f"from_{number}"], self[f"until_{number}"]) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Refuse a window that closes before it opens, and what only a session can give."""
        cleaned = super().clean() or self.cleaned_data
        for number in self.numbers:
            start, end = cleaned.get(f"from_{number}"), cleaned.get(f"until_{number}")
            if start and end and end <= start:
                self.add_error(f"until_{number}", _("It must close after it opens."))
        asks = cleaned.get("for_enrolled") or cleaned.get("lead_minutes") is not None
        if asks and not cleaned.get("session") and "session" not in self.errors:
            self.add_error("session", _("Choose the session whose door this is."))
        if cleaned.get("lag_minutes") and cleaned.get("lead_minutes") is None:
            self.add_error(
                "lead_minutes", _("Write how long before the session it opens; 0 is possible.")
            )
        return cleaned

    def rules(self) -> zoning.ZoneRules:
        """Return what was filled in."""
        cleaned = self.cleaned_data
        windows = [
            [_ms(cleaned[f"from_{number}"]), _ms(cleaned[f"until_{number}"])]
            for number in self.numbers
        ]
        return zoning.ZoneRules(
            name_en=cleaned["name_en"],
            name_zh=cleaned["name_zh"],
            open_to=cleaned["open_to"],
            provisional=cleaned["provisional"],
            reentry=cleaned["reentry"],
            windows=[window for window in windows if any(window)],
            resets=opening.nights(self.conference, cleaned["reset_at"]),
            capacity=cleaned["capacity"],
            is_arrival=cleaned["is_arrival"],
            escort=cleaned["escort"],
            session=cleaned["session"],
            for_enrolled=cleaned["for_enrolled"],
            lead_minutes=cleaned["lead_minutes"],
            lag_minutes=cleaned["lag_minutes"],
        )


class GateForm(forms.Form):
    """A gate: its name and the zones it leads into."""

    name_en = forms.CharField(label=pgettext_lazy("thing", "Name in English"), max_length=120)
    name_zh = forms.CharField(
        label=pgettext_lazy("thing", "Name in Chinese"), max_length=120, required=False
    )
    zones = Names(
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


def _initial(conference: Conference, zone: Zone | None) -> dict[str, Any]:
    if zone is None:
        return {"open_to": list(conference.badge_classes.all()), "reset_at": [opening.NIGHT]}
    initial: dict[str, Any] = {
        "name_en": zone.name_en,
        "name_zh": zone.name_zh,
        "open_to": zone.open_to.all(),
        "provisional": zone.provisional.all(),
        "reentry": zone.reentry,
        "is_arrival": zone.is_arrival,
        "escort": zone.escort,
        "session": zone.session_id,
        "for_enrolled": zone.for_enrolled,
        "lead_minutes": zone.lead_minutes,
        "lag_minutes": zone.lag_minutes,
        "capacity": zone.capacity,
    }
    local = [_local(conference, reset) for reset in zone.resets]
    initial["reset_at"] = sorted({moment.time() for moment in local if moment})
    for number, (start, end) in enumerate(zone.windows, start=1):
        initial[f"from_{number}"] = _local(conference, start)
        initial[f"until_{number}"] = _local(conference, end)
    return initial


def _local(conference: Conference, ms: int | None) -> datetime | None:
    if ms is None:
        return None
    return venue_time(datetime.fromtimestamp(ms / 1000, tz=conference.zone), conference)


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else opening.in_ms(moment)
