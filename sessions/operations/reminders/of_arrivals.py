"""Reminders of arrivals: each delegate's own."""

from collections.abc import Iterator

from sessions.models import ReminderRule
from sessions.operations.reminders.occasions import (
    Narrowed,
    Occasion,
    Place,
    delegates_in,
    offset_of,
)


class Arrivals:
    """Arrivals of accredited delegates, so far as their time is known."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return each arrival with each rule."""
        found = (
            delegates_in(narrowed)
            .filter(conference__in={rule.conference_id for rule in rules}, arrival_at__isnull=False)
            .select_related("accreditation")
        )
        if narrowed.between is not None:
            found = found.filter(arrival_at__range=narrowed.between)
        if narrowed.thing_ids is not None:
            found = found.filter(pk__in=narrowed.thing_ids)
        delegates = list(found)
        return [
            Occasion(
                rule=rule,
                thing=f"arrival:{delegate.pk}",
                about=delegate,
                at=delegate.arrival_at,
                offset=offset_of(rule),
            )
            for rule in rules
            for delegate in delegates
            if delegate.conference_id == rule.conference_id
        ]

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
        """Return the delegates who arrive; they take part since they were approved."""
        for occasion in occasions:
            delegate = occasion.about
            yield Place(
                occasion=occasion,
                delegate_id=delegate.pk,
                since=delegate.accreditation.decided_at,
            )
