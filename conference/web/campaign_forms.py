"""What an organiser writes and chooses for a mailing."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.bilingual_texts import TEXTS, BilingualTexts
from conference.models import Campaign, User, validate_day
from conference.operations import campaigning
from conference.operations.campaigning import Kind

_HAN = {"lang": "zh-Hans"}


class CampaignForm(BilingualTexts, forms.ModelForm):  # type: ignore[type-arg]
    """A mailing's text in both languages and how it is sent."""

    class Meta:
        model = Campaign
        fields: ClassVar = ["name", *TEXTS, "optional", "on_doubt", "if_lacking"]
        widgets: ClassVar = {
            "subject_en": forms.TextInput(attrs={"lang": "en"}),
            "body_en": forms.Textarea(attrs={"rows": 12, "lang": "en"}),
            "subject_zh": forms.TextInput(attrs=_HAN),
            "body_zh": forms.Textarea(attrs={"rows": 12, **_HAN}),
            "on_doubt": forms.RadioSelect,
            "if_lacking": forms.RadioSelect,
        }
        labels: ClassVar = {
            "optional": gettext_lazy("Recipients may unsubscribe from mail such as this"),
            "on_doubt": gettext_lazy("If the line breaks and nobody knows whether a letter left"),
            "if_lacking": gettext_lazy("If somebody has none of what is ticked"),
        }
        help_texts: ClassVar = {
            "name": gettext_lazy("For your own list; the recipients do not see it."),
            "optional": gettext_lazy("Leave it empty for what everybody must know."),
            "if_lacking": gettext_lazy("Who that is, is named on the page of the recipients."),
        }

    made = forms.MultipleChoiceField(
        label=gettext_lazy("Made for each recipient"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        """Take the kind of audience, whose placeholders may be used."""
        super().__init__(*args, **kwargs)
        self._kind = kind
        made = self.fields["made"]
        assert isinstance(made, forms.MultipleChoiceField)
        made.choices = [(code, file.label) for code, file in campaigning.offered(kind.code).items()]
        if self.instance.pk:
            chosen = campaigning.personal(self.instance)
            made.initial = [file.code for file in chosen]
        for name in ("if_lacking", "on_doubt"):
            self.fields[name].required = False
        if kind.by_hand is not None:
            # Whom it is for was chosen one by one: it is no mail to unsubscribe from.
            del self.fields["optional"]

    def write(self, *, seen: str, now: datetime, actor: User) -> None:
        """Keep what was written and ticked; ``seen`` is the version that was written over.

        Raises CampaignStepRefused once it has begun, CampaignOvertaken where there is a newer one.
        """
        campaigning.write(
            campaign=self.instance,
            fields=self.Meta.fields,
            codes=self.cleaned_data["made"],
            seen=seen,
            now=now,
            actor=actor,
        )

    def clean_if_lacking(self) -> str:
        """Leave it as it is where nothing is said."""
        said: str = self.cleaned_data["if_lacking"] or self.instance.if_lacking
        return said

    def clean_on_doubt(self) -> str:
        """Leave it as it is where nothing is said."""
        said: str = self.cleaned_data["on_doubt"] or self.instance.on_doubt
        return said

    def clean(self) -> dict[str, Any]:
        """Refuse unknown placeholders, a link in a subject, and half a language."""
        cleaned: dict[str, Any] = super().clean() or {}
        is_written = self.check_texts(cleaned, known=self._kind.placeholders)
        if not is_written and not self.errors:
            self.add_error("subject_en", _("Write the mailing in at least one language."))
        return cleaned

    def check_body(self, name: str, body: str) -> None:
        """Refuse a text that lacks what this kind of mailing must not lack."""
        if lacking := self._kind.lacks(body):
            self.add_error(name, str(lacking))


class ScheduleForm(forms.Form):
    """When a mailing leaves, by the clocks of the venue or of another place."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[validate_day],
    )
    at = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("Such as Asia/Shanghai or America/Los_Angeles."),
    )

    def __init__(self, campaign: Campaign, data: Any = None) -> None:
        """Begin with the time that is set, else with the venue's zone."""
        begin = {
            "day": campaign.send_date,
            "at": campaign.send_time,
            "zone": campaign.send_zone or campaign.conference.timezone,
        }
        super().__init__(data, initial=begin)

    def clean_zone(self) -> str:
        """Refuse a zone that nobody knows."""
        zone: str = self.cleaned_data["zone"].strip()
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            message = _("There is no time zone %(zone)s. Write it as in Asia/Shanghai.")
            raise forms.ValidationError(message % {"zone": zone}) from error
        return zone
