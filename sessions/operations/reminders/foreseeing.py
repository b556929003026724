"""Who would be reminded by a rule, and when: counted and by name, without deciding anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sessions.models import ReminderRule
from sessions.operations.reminders import people, sources
from sessions.operations.reminders.occasions import Place
from sessions.operations.reminders.people import Person
from sessions.operations.reminders.planning import decision_for
from sessions.operations.reminders.timing import Decision


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One reminder as it would be decided now."""

    place: Place
    person: Person
    decision: Decision


def coming(rule: ReminderRule, *, now: datetime) -> list[Place]:
    """Return everybody whom the rule would remind from now on, the earliest first."""
    occasions = [each for each in sources.occasions_of(rule) if each.due > now]
    places = [place for place in sources.places_of(occasions) if place.is_in_time]
    return sorted(places, key=lambda place: (place.occasion.due, place.occasion.key, place.whose))


def passed(rule: ReminderRule, *, now: datetime) -> datetime | None:
    """Return when the rule was last due for things that still lie ahead; None if it was not."""
    return max(
        (each.due for each in sources.occasions_of(rule) if each.due <= now < each.at),
        default=None,
    )


def foresee(places: Sequence[Place], *, now: datetime) -> list[Foreseen]:
    """Return these with names and with the decision about each."""
    persons = people.load(
        delegate_ids=(each.delegate_id for each in places if each.delegate_id is not None),
        delegation_ids=(each.delegation_id for each in places if each.delegation_id is not None),
    )
    return [
        Foreseen(place=place, person=person, decision=decision_for(place, person, now))
        for place in places
        if (person := persons.get(place.whose)) is not None
    ]
