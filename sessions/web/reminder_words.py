"""A rule's time in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.models import ReminderRule

_MINUTES_OF = {"days": 24 * 60, "hours": 60, "minutes": 1}


def when_of(rule: ReminderRule) -> str:
    """Return when the rule reminds: ``3 days before, at 10:00``."""
    if rule.timing == ReminderRule.Timing.OWN:
        return _("as each session says")
    if rule.timing == ReminderRule.Timing.SPAN:
        return _way(rule, span(rule.minutes)) if rule.minutes else _("at its own time")
    assert rule.clock is not None
    clock = f"{rule.clock:%H:%M}"
    if not rule.days:
        return _("on the day itself, at %(clock)s") % {"clock": clock}
    return _("%(when)s, at %(clock)s") % {
        "when": _way(rule, span(rule.days * _MINUTES_OF["days"])),
        "clock": clock,
    }


def span(minutes: int) -> str:
    """Return a length of time in the largest unit that holds it whole."""
    unit = unit_of(minutes)
    count = minutes // _MINUTES_OF[unit]
    words = {
        "days": ngettext("%(count)d day", "%(count)d days", count),
        "hours": ngettext("%(count)d hour", "%(count)d hours", count),
        "minutes": ngettext("%(count)d minute", "%(count)d minutes", count),
    }
    return words[unit] % {"count": count}


def unit_of(minutes: int) -> str:
    """Return the largest unit in which these minutes are a whole number."""
    return next(unit for unit, length in _MINUTES_OF.items() if minutes % length == 0)


def minutes_of(amount: int, unit: str) -> int:
    """Return so many days, hours or minutes in minutes."""
    return amount * _MINUTES_OF[unit]


def _way(rule: ReminderRule, words: str) -> str:
    if rule.is_after:
        return _("%(span)s after") % {"span": words}
    return _("%(span)s before") % {"span": words}
