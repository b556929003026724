"""What an organiser fills in about one delegation's invitation."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Campaign, Conference
from delegates.errors import ScanRefused
from delegates.models import Invitation
from delegates.operations import answering, posting, scans
from delegates.operations.life import Way
from delegates.web.clock import MomentInput
from delegates.web.letter_form import checked_deadline


class DayInput(forms.DateInput):
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class PhoneAnswerForm(forms.Form):
    """An answer that did not come through the link."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(way.value, capfirst(way.label)) for way in (Way.TELEPHONE, Way.PAPER)],
        widget=forms.RadioSelect,
        initial=Way.TELEPHONE,
    )

    reply = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[(code, capfirst(Invitation.State(code).label)) for code in answering.ANSWERS],
        widget=forms.RadioSelect,
    )
    know_by = forms.DateField(
        label=gettext_lazy("They will know by"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Only for an answer that is not certain yet."),
    )
    note = forms.CharField(
        label=gettext_lazy("Who said so, and when"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Such as: Ms. Lee of the foreign affairs office, 3 October, 10:00."),
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the slip"),
        required=False,
        help_text=gettext_lazy("PDF or JPEG, 5 MB at most. Only organisers and protocol see it."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg"}),
    )

    def __init__(
        self, *args: Any, conference: Conference, seen: int | None = None, **kwargs: Any
    ) -> None:
        """Take the conference, and the number of the answer that stands on the page."""
        kwargs.setdefault("initial", {"seen": seen, "way": Way.TELEPHONE})
        super().__init__(*args, **kwargs)
        self._conference = conference

    def clean_scan(self) -> bytes:
        """Return the content; refuse what is no small PDF or JPEG, before it is read whole."""
        upload = self.cleaned_data["scan"]
        if not upload:
            return b""
        content: bytes = upload.read() if upload.size <= scans.LARGEST else b""
        try:
            scans.type_of(content)
        except ScanRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return content

    def clean_know_by(self) -> date | None:
        """Refuse a day that is over or lies after the beginning."""
        if self.cleaned_data.get("reply") != Invitation.State.TENTATIVE:
            return None
        return checked_know_by(self.cleaned_data["know_by"], self._conference, timezone.now())


class PaperForm(forms.Form):
    """Which letter is printed, and until when it may be answered."""

    letter = forms.ModelChoiceField(label=gettext_lazy("Letter"), queryset=Campaign.objects.none())
    deadline = forms.DateTimeField(label=gettext_lazy("Answer due by"), widget=MomentInput)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        """Offer the letters of this conference."""
        super().__init__(*args, **kwargs)
        self._conference = conference
        field = self.fields["letter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Campaign.objects.filter(
            conference=conference, purpose=posting.MAIL_PURPOSE
        )

    def clean_deadline(self) -> Any:
        """Refuse a deadline that has passed or lies after the conference."""
        return checked_deadline(self.cleaned_data["deadline"], self._conference, timezone.now())


class DeadlineForm(forms.Form):
    """A new deadline for an answer."""

    deadline = forms.DateTimeField(label=gettext_lazy("Answer due by"), widget=MomentInput)

    def __init__(self, *args: Any, conference: Conference, now: datetime, **kwargs: Any) -> None:
        """Take the conference whose days bound the deadline, and what the time is."""
        super().__init__(*args, **kwargs)
        self._conference = conference
        self._now = now

    def clean_deadline(self) -> datetime:
        """Refuse a deadline that has passed or lies after the conference."""
        return checked_deadline(self.cleaned_data["deadline"], self._conference, self._now)


def checked_know_by(day: date | None, conference: Conference, now: datetime) -> date | None:
    """Return the day by which somebody will know; raises ValidationError if it is of no use."""
    if day is None:
        return None
    if day < conference.today(now):
        raise forms.ValidationError(_("This day has passed. Choose a later one."))
    if day > conference.first_day:
        raise forms.ValidationError(_("Choose a day before the conference begins."))
    return day
