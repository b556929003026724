"""Which source knows what: the one list of the things that rules can be about."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sessions.models import Reminder, ReminderRule
from sessions.operations.reminders.occasions import (
    EVERYTHING,
    Narrowed,
    Occasion,
    Place,
    Source,
    thing_id_of,
)
from sessions.operations.reminders.of_arrivals import Arrivals
from sessions.operations.reminders.of_deadlines import Accreditations, Answers, Nominations
from sessions.operations.reminders.of_sessions import Sessions

About = ReminderRule.About
SOURCES: Final[dict[str, Source]] = {
    About.ANSWER: Answers(),
    About.NOMINATION: Nominations(),
    About.ACCREDITATION: Accreditations(),
    About.SESSION: Sessions(),
    About.ARRIVAL: Arrivals(),
}
#: More than a wall clock can differ from a day of 24 hours.
_SLACK = timedelta(days=2)
#: A session's own minutes before its start are not more than this.
_LONGEST_OWN = timedelta(days=30)


def occasions_due(
    rules: Iterable[ReminderRule], *, first: datetime, last: datetime
) -> list[Occasion]:
    """Return the occasions whose reminders are due from ``first`` to ``last``."""
    found: list[Occasion] = []
    for about, mine in _by_about(rules).items():
        before = max((_reach(rule) for rule in mine if not rule.is_after), default=timedelta())
        after = max((_reach(rule) for rule in mine if rule.is_after), default=timedelta())
        narrowed = Narrowed(between=(first - after - _SLACK, last + before + _SLACK))
        found += [
            each
            for each in SOURCES[about].occasions(mine, narrowed)
            if first <= each.due <= last and is_of_its_time(each)
        ]
    return found


def is_of_its_time(occasion: Occasion) -> bool:
    """Tell whether its rule was switched on when the reminder fell due."""
    since = occasion.rule.active_since
    return since is None or since <= occasion.due


def occasions_of(rule: ReminderRule) -> list[Occasion]:
    """Return all occasions of one rule."""
    return SOURCES[rule.about].occasions([rule], EVERYTHING)


def places_of(occasions: Iterable[Occasion]) -> list[Place]:
    """Return who is concerned by these occasions, each person once for each."""
    by_about: dict[str, list[Occasion]] = {}
    for occasion in occasions:
        by_about.setdefault(occasion.rule.about, []).append(occasion)
    return [
        place
        for about, mine in by_about.items()
        for place in SOURCES[about].places(mine, EVERYTHING)
    ]


def still_wanted(reminders: Iterable[Reminder], *, now: datetime) -> dict[str, Place]:
    """Return the places of those reminders for which there still is reason, by their keys.

    Asked anew of sessions, seats, answers and rules, whatever was decided before.
    """
    asked = list(reminders)
    rules = {
        rule.pk: rule
        for rule in ReminderRule.objects.at_work()
        .filter(pk__in={each.rule_id for each in asked})
        .select_related("conference")
        if not rule.conference.is_over(now)
    }
    found: dict[str, Place] = {}
    for about, mine in _by_about(rules.values()).items():
        wanted = [each for each in asked if each.rule_id in {rule.pk for rule in mine}]
        narrowed = Narrowed(
            thing_ids=frozenset(thing_id_of(each.thing) for each in wanted),
            person_ids=frozenset(each.delegate_id or each.delegation_id or 0 for each in wanted),
        )
        source = SOURCES[about]
        occasions = source.occasions(mine, narrowed)
        found |= {place.key: place for place in source.places(occasions, narrowed)}
    return {
        each.key: found[each.key]
        for each in asked
        if each.key in found and found[each.key].is_in_time and not found[each.key].refused
    }


def _by_about(rules: Iterable[ReminderRule]) -> dict[str, list[ReminderRule]]:
    found: dict[str, list[ReminderRule]] = {}
    for rule in rules:
        found.setdefault(rule.about, []).append(rule)
    return found


def _reach(rule: ReminderRule) -> timedelta:
    if rule.timing == ReminderRule.Timing.OWN:
        return _LONGEST_OWN
    return timedelta(days=rule.days, minutes=rule.minutes)
