"""What an organiser writes and chooses to invite delegations."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.documents.placeholders import braced
from conference.models import Campaign, Conference
from delegates.documents import letter
from delegates.web.clock import MomentInput

_HAN = {"lang": "zh-Hans"}
_FOR_AN_ANSWER = timedelta(days=21)
_AT_LEAST = timedelta(days=2)
_USUAL_HOUR = time(18, 0)


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A letter in both languages; what is wrong in it is said at the field."""

    class Meta:
        model = Campaign
        fields: ClassVar = ["name", "subject_en", "body_en", "subject_zh", "body_zh", "on_doubt"]
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
        for name in ("subject_en", "body_en", "subject_zh", "body_zh"):
            self._check_placeholders(name, cleaned.get(name) or "")
        written = [suffix for suffix in ("en", "zh") if self._check_half(cleaned, suffix)]
        if not written and not self.errors:
            self.add_error("subject_en", _("Write the letter in at least one language."))
        return cleaned

    def _check_placeholders(self, name: str, text: str) -> None:
        unknown = letter.unknown_placeholders(text)
        if unknown:
            self.add_error(
                name,
                _("There is no placeholder %(unknown)s. Use one of these: %(known)s.")
                % {"unknown": braced(unknown), "known": braced(letter.PLACEHOLDERS)},
            )
        if name.startswith("subject") and letter.has_link(text):
            self.add_error(name, _("The link belongs into the text, not into the subject."))

    def _check_half(self, cleaned: dict[str, Any], suffix: str) -> bool:
        subject = (cleaned.get(f"subject_{suffix}") or "").strip()
        body = (cleaned.get(f"body_{suffix}") or "").strip()
        if {f"subject_{suffix}", f"body_{suffix}"} & set(self.errors):
            return bool(subject or body)
        if bool(subject) != bool(body):
            missing = f"body_{suffix}" if subject else f"subject_{suffix}"
            self.add_error(missing, _("Subject and text belong together: write both or neither."))
        elif body and not letter.has_link(body):
            self.add_error(
                f"body_{suffix}",
                _(
                    "Put {link} into the text, best on a line of its own: "
                    "nobody can answer without it."
                ),
            )
        return bool(body)


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
