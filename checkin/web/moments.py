"""A day and a time as the venue's clocks show them, in forms."""

from datetime import datetime
from typing import Any

from django import forms

from conference.models import Conference

INPUT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment in the zone of ``conference``, which the form sets; may be left empty."""

    conference: Conference

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INPUT)
        required = kwargs.pop("required", False)
        super().__init__(input_formats=[INPUT], widget=widget, required=required, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """Return what the venue's clocks show at the moment, aware."""
        found = super().clean(value)
        return None if found is None else found.replace(tzinfo=self.conference.zone)


def venue_time(moment: datetime | None, conference: Conference) -> datetime | None:
    """Return a moment as the venue's clocks show it, without its zone, as fields want it."""
    return None if moment is None else moment.astimezone(conference.zone).replace(tzinfo=None)
