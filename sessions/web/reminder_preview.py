"""The words of a rule as somebody gets them."""

from typing import Any

from conference.models import Language
from sessions.documents import reminder_letter
from sessions.models import ReminderRule
from sessions.operations.reminders.foreseeing import Foreseen


def previews_of(rule: ReminderRule, sample: Foreseen | None) -> list[dict[str, Any]]:
    """Return the rule's text in each language, filled for the sample if there is one."""
    return [
        {
            "language": language,
            "label": label,
            "is_own": sample is not None and sample.person.language == language,
            "is_other": reminder_letter.language_of(rule, language) != language,
            "part": _filled(rule, sample, language) if sample else _as_written(rule, language),
        }
        for language, label in Language.choices
    ]


def _filled(rule: ReminderRule, sample: Foreseen, language: str) -> reminder_letter.PartText:
    occasion = sample.place.occasion
    return reminder_letter.write_part(
        rule=rule,
        about=occasion.about,
        at=occasion.at,
        addressee=sample.person.letter_name,
        delegation=sample.person.delegation,
        language=language,
    )


def _as_written(rule: ReminderRule, language: str) -> reminder_letter.PartText:
    return reminder_letter.unfilled(rule=rule, language=language)
