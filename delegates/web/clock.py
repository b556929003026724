"""Forms that take times as the venue's clocks show them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils import timezone


class MomentInput(forms.DateTimeInput):
    """The browser's own control for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


def in_venue_time(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let the view's forms read and show times in the zone of ``request.conference``."""

    @wraps(view)
    def clocked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(request.conference.zone):
            return view(request, *args, **kwargs)

    return clocked
