"""What each kind of conflict means, and what may have been the case."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checkin.models import Conflict, Zone

Outcome = Conflict.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of conflict: its name, what the rule says, and the outcomes that make sense."""

    title: str | Promise
    rule: str | Promise
    outcomes: tuple[Conflict.Outcome, ...]


KINDS: dict[str, Kind] = {
    "double_entry": Kind(
        title=_("let in twice without an exit between"),
        rule=_(
            "Here nobody is let in again before going out. These two entries follow each other, "
            "and no supervisor waved the second through. The first may lack an exit, or two "
            "people used the badge."
        ),
        outcomes=(
            Outcome.EXIT_MISSED,
            Outcome.BADGE_SHARED,
            Outcome.MISTAKEN_SCAN,
            Outcome.OTHER,
        ),
    ),
    "exit_without_entry": Kind(
        title=_("went out without having come in"),
        rule=_(
            "Somebody went out who was not inside, as far as the scans tell. The person may have "
            "come in past the scanner, or by a phone whose scans have not arrived yet."
        ),
        outcomes=(Outcome.ENTRY_MISSED, Outcome.MISTAKEN_SCAN, Outcome.OTHER),
    ),
    "admitted_after_revocation": Kind(
        title=_("let in with a badge that was void"),
        rule=_(
            "The badge had been replaced or reported lost when it was scanned, and the phone at "
            "the door did not know it yet. Whoever showed it was let in."
        ),
        outcomes=(Outcome.RIGHT_PERSON, Outcome.BADGE_SHARED, Outcome.LED_OUT, Outcome.OTHER),
    ),
    "admitted_while_blocked": Kind(
        title=_("let in while blocked"),
        rule=_(
            "The person was blocked at that moment and was let in all the same: the phone at the "
            "door did not know it yet, or the block was entered for a time already past."
        ),
        outcomes=(Outcome.LED_OUT, Outcome.RIGHT_PERSON, Outcome.MISTAKEN_SCAN, Outcome.OTHER),
    ),
    "time_uncertain": Kind(
        title=_("scanned by a phone whose clock is uncertain"),
        rule=_(
            "The phone could not tell the time for sure, and another phone scanned the person in "
            "the same zone. Which of the scans came first may be wrong, and with it who is inside."
        ),
        outcomes=(Outcome.TIME_RIGHT, Outcome.TIME_WRONG, Outcome.OTHER),
    ),
}
#: For a kind that this version does not know.
UNKNOWN = Kind(
    title=_("scans that do not fit together"),
    rule=_("These scans do not fit together."),
    outcomes=(Outcome.OTHER,),
)


_TWICE_A_DAY = _(
    "Here everybody is let in once a day. These two entries are of one day, and no supervisor "
    "waved the second through. Two people may have used the badge."
)


def rule_of(conflict: Conflict) -> str | Promise:
    """Return what the rule says at this zone."""
    if conflict.kind == "double_entry" and conflict.zone.reentry == Zone.Reentry.NEVER:
        return _TWICE_A_DAY
    return kind_of(conflict.kind).rule


def kind_of(conflict_kind: str) -> Kind:
    """Return what is to be said of this kind."""
    return KINDS.get(conflict_kind, UNKNOWN)
