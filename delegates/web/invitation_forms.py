"""What an organiser fills in about one delegation's invitation."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from conference.models import Campaign, Conference
from delegates.models import Invitation
from delegates.operations import answering, posting
from delegates.web.clock import MomentInput
from delegates.web.letter_form import checked_deadline


class PhoneAnswerForm(forms.Form):
    """An answer that did not come through the link."""

    reply = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[(code, Invitation.State(code).label) for code in answering.ANSWERS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("How it came"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Such as: by telephone from Ms. Lee, 3 October."),
    )


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
