"""What an organiser writes and chooses to invite delegations."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.bilingual_texts import TEXTS, BilingualTexts
from conference.models import Campaign, Conference
from delegates.documents import letter
from delegates.web.clock import MomentInput

_HAN = {"lang": "zh-Hans"}
_FOR_AN_ANSWER = timedelta(days=21)
_AT_LEAST = timedelta(days=2)
_USUAL_HOUR = time(18, 0)


class LetterForm(BilingualTexts, forms.ModelForm):  # type: ignore[type-arg]
    """A letter in both languages; what is wrong in it is said at the field."""

    class Meta:
        model = Campaign
        fields: ClassVar = ["name", *TEXTS, "on_doubt"]
        widgets: ClassVar = {
            "body_en": forms.Textarea(attrs={"rows": 16, "lang": "en"}),
            "body_zh": forms.Textarea(attrs={"rows": 16, **_HAN}),
            "subject_en": forms.TextInput(attrs={"lang": "en"}),
            "subject_zh": forms.TextInput(attrs=_HAN),
            "on_doubt": forms.RadioSelect,
        }
        labels: ClassVar = {
            "on_doubt": gettext_lazy("If the line breaks and nobody knows whether a letter left"),
        }
        help_texts: ClassVar = {
            "name": gettext_lazy("For your own list; the recipients do not see it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Have what happens in doubt as it stands, unless it is chosen."""
        super().__init__(*args, **kwargs)
        self.fields["on_doubt"].required = False

    def clean_on_doubt(self) -> str:
        """Return what was chosen, or what stands."""
        chosen: str = self.cleaned_data["on_doubt"]
        return chosen or self.instance.on_doubt

    def clean(self) -> dict[str, Any]:
        """Refuse unknown placeholders, a text without the link, and half a language."""
        cleaned: dict[str, Any] = super().clean() or {}
        is_written = self.check_texts(cleaned, known=letter.PLACEHOLDERS)
        if not is_written and not self.errors:
            self.add_error("subject_en", _("Write the letter in at least one language."))
        return cleaned

    def check_body(self, name: str, body: str) -> None:
        """Refuse a text without the link."""
        if not letter.has_link(body):
            self.add_error(
                name,
                _(
                    "Put {link} into the text, best on a line of its own: "
                    "nobody can answer without it."
                ),
            )


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

    def __init__(self, *args: Any, conference: Conference, now: datetime, **kwargs: Any) -> None:
        """Begin with a sensible deadline."""
        kwargs.setdefault("initial", {"deadline": usual_deadline(conference, now)})
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
