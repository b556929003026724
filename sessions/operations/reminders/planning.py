"""Deciding ahead: who is reminded of what, and when exactly. Looking twice decides nothing twice.

Reminders are decided a day before they are due, because quiet hours can move them to an earlier
time. What was decided and does not hold any more is taken back by the same look.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from sessions.models import Reminder, ReminderRule
from sessions.operations.reminders import people, reasons, sources
from sessions.operations.reminders.nights import quiet_hours_of
from sessions.operations.reminders.occasions import Occasion, Place
from sessions.operations.reminders.people import Person
from sessions.operations.reminders.timing import Decision, decide

#: How far back a look finds what nobody looked for in time, to show it as missed.
MEMORY = timedelta(days=1)
#: How far ahead reminders are decided: no quiet hours are longer.
AHEAD = timedelta(days=1)
_AT_ONCE = 1000
_State = Reminder.State
_DECIDED: Final = (
    "wall_day",
    "wall_clock",
    "zone",
    "due_at",
    "send_at",
    "state",
    "reason",
    "message",
)


def plan(*, now: datetime) -> int:
    """Bring what is decided up to date with what holds at ``now``; return how many are new."""
    rules = [
        rule
        for rule in ReminderRule.objects.at_work().select_related("conference__reminder_habits")
        if not rule.conference.is_over(now)
    ]
    occasions = {
        each.key: each
        for each in sources.occasions_due(rules, first=now - MEMORY, last=now + AHEAD)
    }
    _take_back_others(occasions, now)
    known = _known(occasions)
    new = [
        place
        for place in sources.places_of(occasions.values())
        if place.is_in_time and _is_undecided(place, known.get(place.key), now)
    ]
    for start in range(0, len(new), _AT_ONCE):
        _decide_for(new[start : start + _AT_ONCE], known, now)
    return len(new)


def decision_for(place: Place, person: Person, now: datetime) -> Decision:
    """Return when this person is reminded, and why then."""
    if place.refused:
        return Decision(send_at=None, reason=place.refused)
    rule = place.occasion.rule
    if not person.is_reached_by(rule):
        return Decision(send_at=None, reason=reasons.NO_WAY)
    return decide(
        due=place.occasion.due,
        ends_use=place.occasion.ends_use,
        quiet=quiet_hours_of(rule.conference),
        whereabouts=person.whereabouts,
        optional=rule.optional,
        now=now,
    )


def _take_back_others(occasions: dict[str, Occasion], now: datetime) -> None:
    """Cancel what was decided for occasions that are none any more."""
    decided = set(Reminder.objects.planned().values_list("occasion", flat=True).distinct())
    # What is late stays: the next look at what is due tells that it was missed.
    gone = sorted(decided - set(occasions))
    for start in range(0, len(gone), _AT_ONCE):
        Reminder.objects.planned().filter(
            occasion__in=gone[start : start + _AT_ONCE], due_at__gt=now - MEMORY
        ).update(state=_State.CANCELLED, reason=reasons.OTHER_TIME)


def _known(occasions: Iterable[str]) -> dict[str, Reminder]:
    wanted = sorted(occasions)
    fields = ("key", "state", "reason", "zone", "wall_day", "wall_clock", "due_at")
    return {
        reminder.key: reminder
        for start in range(0, len(wanted), _AT_ONCE)
        for reminder in Reminder.objects.filter(occasion__in=wanted[start : start + _AT_ONCE]).only(
            *fields
        )
    }


def _is_undecided(place: Place, known: Reminder | None, now: datetime) -> bool:
    """Tell whether there is something to decide: a new one, one taken back, or another clock.

    Who could not be reached is looked at again until it is due.
    """
    if known is None or known.state == _State.CANCELLED:
        return True
    occasion = place.occasion
    if _is_without_way(known):
        return occasion.due > now
    return known.state == _State.PLANNED and (
        (known.zone, known.wall_day, known.wall_clock, known.due_at)
        != (occasion.zone, occasion.wall.date(), occasion.wall.time(), occasion.due)
    )


def _is_without_way(reminder: Reminder) -> bool:
    return reminder.state == _State.DROPPED and reminder.reason == reasons.NO_WAY


@transaction.atomic
def _decide_for(places: list[Place], known: dict[str, Reminder], now: datetime) -> None:
    persons = people.load(
        delegate_ids=(each.delegate_id for each in places if each.delegate_id is not None),
        delegation_ids=(each.delegation_id for each in places if each.delegation_id is not None),
    )
    fresh, changed = [], []
    for place in places:
        person = persons.get(place.whose)
        if person is None:
            continue  # gone since we looked
        reminder = _decided(place, decision_for(place, person, now))
        if place.key in known:
            if _is_without_way(reminder) and _is_without_way(known[place.key]):
                continue
            reminder.pk = known[place.key].pk
            changed.append(reminder)
        else:
            fresh.append(reminder)
    # Another look at the same time may have been quicker: its decision is as good.
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    _put_back(changed)


def _put_back(reminders: list[Reminder]) -> None:
    """Write new decisions over old ones, but not over what has got into a letter meanwhile."""
    locked = set(
        Reminder.objects.select_for_update(of=("self",))
        .filter(
            pk__in=[each.pk for each in reminders],
            state__in=[_State.PLANNED, _State.CANCELLED, _State.DROPPED],
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    mine = [each for each in reminders if each.pk in locked]
    Reminder.objects.bulk_update(mine, _DECIDED, batch_size=500)


def _decided(place: Place, decision: Decision) -> Reminder:
    occasion = place.occasion
    return Reminder(
        conference_id=occasion.rule.conference_id,
        rule_id=occasion.rule.pk,
        key=place.key,
        occasion=occasion.key,
        thing=occasion.thing,
        thing_at=occasion.at,
        delegate_id=place.delegate_id,
        delegation_id=place.delegation_id,
        wall_day=occasion.wall.date(),
        wall_clock=occasion.wall.time(),
        zone=occasion.zone,
        due_at=occasion.due.astimezone(UTC),
        send_at=decision.send_at or occasion.due,
        state=_State.PLANNED if decision.send_at is not None else _State.DROPPED,
        reason=decision.reason,
    )
