"""Why a reminder was sent when it was, or not at all: codes that are stored, and their words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.operations import mailing

ON_TIME: Final = "reminder_on_time"
AFTER_QUIET: Final = "reminder_after_quiet"
BEFORE_QUIET: Final = "reminder_before_quiet"
IN_QUIET: Final = "reminder_in_quiet"
LEFT_OUT: Final = "reminder_left_out"
TOO_LATE: Final = "reminder_too_late"
OTHER_TIME: Final = "reminder_other_time"
NO_MORE: Final = "reminder_no_more"
REGROUPED: Final = "reminder_regrouped"
BY_HAND: Final = "reminder_by_hand"
NO_WAY: Final = "reminder_no_way"
FORMERLY: Final = "reminder_formerly"

WORDS: Final[dict[str, str | Promise]] = {
    ON_TIME: _("A reminder rule asked for it, and it goes at the time that the rule says."),
    AFTER_QUIET: _(
        "Its time fell into the recipient's quiet hours, so it waits until they have ended."
    ),
    BEFORE_QUIET: _(
        "Its time fell into the recipient's quiet hours, and after them it would come too late. "
        "So it goes before they begin."
    ),
    IN_QUIET: _(
        "Its time fell into the recipient's quiet hours. After them it would come too late, before "
        "them it was not yet known, and people cannot do without it. So it goes at its time."
    ),
    LEFT_OUT: _(
        "Its time fell into the recipient's quiet hours. After them it would come too late, before "
        "them it was not yet known, and people can do without it. So it is left out."
    ),
    TOO_LATE: _(
        "It could not leave in time: later than two hours, or after what it reminds of, it is not "
        "sent any more."
    ),
    OTHER_TIME: _(
        "What it reminds of was moved or will not take place, or its rule was changed or switched "
        "off. Where there is a new time, there is a new reminder."
    ),
    NO_MORE: _(
        "It was no longer needed: the answer has come, the seat was given back, or the person "
        "takes no part any more."
    ),
    REGROUPED: _(
        "A part of this letter was no longer needed. The other parts go in a letter of their own."
    ),
    BY_HAND: _("A reminder written by hand had gone to the same person within a day before."),
    NO_WAY: _(
        "No e-mail address is known, and neither an account nor a personal link leads to an inbox. "
        "So it is left out; it goes if one of them comes before its time."
    ),
    FORMERLY: _("It was made before there were reminder rules."),
}


def explain() -> None:
    """Make these reasons readable on the pages that tell why."""
    for code, words in WORDS.items():
        mailing.explain(code=code, words=words)
