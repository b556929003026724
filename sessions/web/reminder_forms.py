"""What an organiser says of a reminder rule and of the habits of reminding."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.bilingual_texts import TEXTS, BilingualTexts
from conference.models import Channel, Conference, validate_day
from conference.name_choice import NameChoice
from conference.operations.channels import adapters
from conference.venue_time import written_moment
from sessions.documents import reminder_letter
from sessions.models import ReminderRule, Session
from sessions.web import reminder_words

About = ReminderRule.About
Timing = ReminderRule.Timing
_HAN = {"lang": "zh-Hans"}
_LONGEST_DAYS = 365
#: What is told to people themselves; the rest goes to focal points.
_TO_PEOPLE = (About.SESSION, About.ARRIVAL)
_FIELDS_OF_TIMING = {
    "amount": Timing.SPAN,
    "unit": Timing.SPAN,
    "days": Timing.CLOCK,
    "clock": Timing.CLOCK,
}
_UNITS = (
    ("minutes", gettext_lazy("minutes")),
    ("hours", gettext_lazy("hours")),
    ("days", gettext_lazy("days")),
)


class SessionChoice(NameChoice):
    """A session, shown with its time: titles repeat."""

    def label_from_instance(self, obj: Session) -> str:
        """Return title and start."""
        language = get_language()
        start = written_moment(obj.starts_at, obj.conference.zone, language)
        return f"{pick(obj, 'title', language)} · {start}"


class RuleForm(BilingualTexts, forms.Form):
    """A rule about one kind of thing; only the fields that this kind has are there."""

    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=120,
        help_text=gettext_lazy("For your own list; the recipients do not see it."),
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("Who is reminded"),
        choices=[(code, capfirst(word)) for code, word in ReminderRule.Whom.choices],
        initial=ReminderRule.Whom.SEATED,
    )
    session = SessionChoice(
        Session.objects.none(),
        label=gettext_lazy("Of which session"),
        required=False,
        empty_label=gettext_lazy("Of every session"),
    )
    until_day = forms.DateField(
        label=gettext_lazy("Last day for accreditation"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[validate_day],
    )
    timing = forms.ChoiceField(label=gettext_lazy("How the time is given"))
    amount = forms.IntegerField(
        label=gettext_lazy("How long"),
        min_value=0,
        max_value=100_000,
        error_messages={"required": gettext_lazy("Say how long before or after.")},
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=_UNITS, initial="hours")
    days = forms.IntegerField(
        label=gettext_lazy("How many days"),
        min_value=0,
        max_value=_LONGEST_DAYS,
        error_messages={"required": gettext_lazy("Say how many days before or after.")},
        help_text=gettext_lazy("0 is the day itself."),
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time of day"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Say at what time of day.")},
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Before or after"),
        choices=[("before", gettext_lazy("before it")), ("after", gettext_lazy("after it"))],
        initial="before",
    )
    optional = forms.BooleanField(
        label=gettext_lazy("People can do without it"),
        required=False,
        help_text=gettext_lazy(
            "Then it can be unsubscribed from, and is left out rather than sent at night."
        ),
    )
    by_text = forms.BooleanField(
        label=gettext_lazy("By SMS to people who have a phone and no e-mail address"),
        required=False,
        help_text=gettext_lazy(
            "Who allowed texts gets one anyway. These people never said so: each text has a link "
            "that stops them."
        ),
    )
    subject_en = forms.CharField(
        label=gettext_lazy("Subject in English"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "lang": "en"}),
    )
    subject_zh = forms.CharField(
        label=gettext_lazy("Subject in Chinese"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_HAN),
    )
    body_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, **_HAN}),
    )

    def __init__(self, *args: Any, conference: Conference, about: str, **kwargs: Any) -> None:
        """Take what the rule is about: it decides which fields there are."""
        super().__init__(*args, **kwargs)
        self.about = about
        choices = [(code, capfirst(word)) for code, word in Timing.choices]
        if about == About.SESSION:
            session = self.fields["session"]
            assert isinstance(session, forms.ModelChoiceField)
            session.queryset = (
                Session.objects.taking_place()
                .filter(conference=conference)
                .select_related("conference")
            )
        else:
            del self.fields["whom"], self.fields["session"]
            choices = [choice for choice in choices if choice[0] != Timing.OWN]
        if about != About.ACCREDITATION:
            del self.fields["until_day"]
        if about not in _TO_PEOPLE or not adapters.is_on(Channel.SMS):
            del self.fields["by_text"]
        timing = self.fields["timing"]
        assert isinstance(timing, forms.ChoiceField)
        timing.choices = choices
        if self.is_bound:
            # Each way of giving the time needs its own fields and no others.
            chosen = self.data.get("timing", "")
            for name, way in _FIELDS_OF_TIMING.items():
                self.fields[name].required = chosen == way

    def clean(self) -> dict[str, Any]:
        """Refuse spans of years, unknown placeholders and half a language."""
        said: dict[str, Any] = super().clean() or {}
        self._check_time(said)
        known = reminder_letter.placeholders_for(self.about)
        is_written = self.check_texts(said, known=known)
        if not is_written and not set(TEXTS) & set(self.errors):
            self.add_error("subject_en", _("Write the reminder in at least one language."))
        return said

    def rule_fields(self) -> dict[str, Any]:
        """Return what was said as the rule keeps it."""
        said = self.cleaned_data
        is_span = said["timing"] == Timing.SPAN
        is_clock = said["timing"] == Timing.CLOCK
        fields = {
            "name": said["name"],
            "timing": said["timing"],
            "is_after": said["direction"] == "after" and said["timing"] != Timing.OWN,
            "minutes": reminder_words.minutes_of(said["amount"], said["unit"]) if is_span else 0,
            "days": said["days"] if is_clock else 0,
            "clock": said["clock"] if is_clock else None,
            "optional": said["optional"],
            **{name: said[name].strip() for name in TEXTS},
        }
        return fields | {
            name: said[name]
            for name in ("whom", "session", "until_day", "by_text")
            if name in self.fields
        }

    def _check_time(self, said: dict[str, Any]) -> None:
        if said.get("timing") != Timing.SPAN or said.get("amount") is None or not said.get("unit"):
            return
        longest = reminder_words.minutes_of(_LONGEST_DAYS, "days")
        if reminder_words.minutes_of(said["amount"], said["unit"]) > longest:
            self.add_error("amount", _("A year is the longest."))


class HabitsForm(forms.Form):
    """Quiet hours, and what goes as one letter."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("The same time twice: no quiet hours."),
    )
    together_minutes = forms.IntegerField(
        label=gettext_lazy("One letter for what falls within so many minutes"),
        min_value=0,
        max_value=24 * 60,
        help_text=gettext_lazy("Of deadlines, what falls on one day is always one letter."),
    )


def said_by(rule: ReminderRule) -> dict[str, Any]:
    """Return what the form shows of a rule."""
    unit = reminder_words.unit_of(rule.minutes) if rule.minutes else "hours"
    return {
        "name": rule.name,
        "whom": rule.whom,
        "session": rule.session_id,
        "until_day": rule.until_day,
        "timing": rule.timing,
        "amount": rule.minutes // reminder_words.minutes_of(1, unit),
        "unit": unit,
        "days": rule.days,
        "clock": rule.clock,
        "direction": "after" if rule.is_after else "before",
        "optional": rule.optional,
        "by_text": rule.by_text,
        **{name: getattr(rule, name) for name in TEXTS},
    }
