"""What an organiser chooses to invite delegations."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from delegates.web.clock import MomentInput

_FOR_AN_ANSWER = timedelta(days=21)
_AT_LEAST = timedelta(days=2)
_USUAL_HOUR = time(18, 0)


class RecipientsForm(forms.Form):
    """Which delegations a letter goes to."""

    delegations = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(
        self, *args: Any, conference: Conference, choices: list[int], now: datetime, **kwargs: Any
    ) -> None:
        """Take the ids that may be chosen, and what the time is."""
        super().__init__(*args, **kwargs)
        self._conference = conference
        self._now = now
        field = self.fields["delegations"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in choices]
        field.error_messages |= {
            "required": _("Choose at least one delegation."),
            "invalid_choice": _("A delegation you chose is no longer on the list. Choose again."),
        }


class SendForm(RecipientsForm):
    """Which delegations are invited, and until when they may answer."""

    deadline = forms.DateTimeField(label=gettext_lazy("Answer due by"), widget=MomentInput)

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        now: datetime,
        begin: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        """Begin with the deadline that stands, or a sensible one."""
        stands = begin if begin is not None and begin > now else usual_deadline(conference, now)
        kwargs.setdefault("initial", {"deadline": stands})
        super().__init__(*args, conference=conference, now=now, **kwargs)

    def clean_deadline(self) -> datetime:
        """Refuse a deadline that has passed or lies after the conference."""
        return checked_deadline(self.cleaned_data["deadline"], self._conference, self._now)


def checked_deadline(deadline: datetime, conference: Conference, now: datetime) -> datetime:
    """Return the deadline; raises ValidationError if nobody could keep it."""
    if deadline <= now:
        raise forms.ValidationError(_("This time has passed. Choose a later one."))
    if conference.is_over(deadline):
        raise forms.ValidationError(_("An answer after the conference comes too late."))
    return deadline


def usual_deadline(conference: Conference, now: datetime) -> datetime:
    """Return a sensible deadline: three weeks before, or as soon as people can still keep it."""
    zone = conference.zone
    early = datetime.combine(conference.first_day, _USUAL_HOUR, tzinfo=zone) - _FOR_AN_ANSWER
    soonest = (now + _AT_LEAST).astimezone(zone)
    chosen = max(early, datetime.combine(soonest.date(), _USUAL_HOUR, tzinfo=zone))
    last = datetime.combine(conference.last_day, _USUAL_HOUR, tzinfo=zone)
    if last <= now:
        last = datetime.combine(conference.last_day, time(23, 59), tzinfo=zone)
    return min(chosen, last)
