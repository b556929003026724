"""Making letters of what is due: one for each person and window, under the conference's lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.db import transaction

from conference.models import Conference
from sessions.models import Reminder, ReminderHabits
from sessions.operations.reminders import people, reasons, sources, writing
from sessions.operations.reminders.occasions import Place
from sessions.operations.reminders.planning import AHEAD
from sessions.operations.reminders.timing import is_too_late, together
from sessions.operations.reminders.writing import Draft, Part

#: So many due reminders are looked at in one transaction, with what else goes to the same people.
_AT_ONCE = 500
_State = Reminder.State


@dataclass(kw_only=True)
class Reminded:
    """What one look did: reminders that got into letters, that were missed, and the letters."""

    queued: int = 0
    missed: int = 0
    letters: int = 0

    def __iadd__(self, other: "Reminded") -> Self:
        """Count another look's deeds in."""
        self.queued += other.queued
        self.missed += other.missed
        self.letters += other.letters
        return self


@dataclass(kw_only=True)
class _Sorted:
    """One person's reminders: those for letters, those that come too late, those not needed."""

    wanted: list[Part] = field(default_factory=list)
    late: list[Part] = field(default_factory=list)
    needless: list[Reminder] = field(default_factory=list)


def gather(*, now: datetime) -> Reminded:
    """Put every reminder whose time has come into a letter, with others to the same person."""
    done = Reminded()
    conferences = set(
        Reminder.objects.due(now).order_by().values_list("conference", flat=True).distinct()
    )
    for conference_id in sorted(conferences):
        while portion := _gather_some(conference_id, now):
            done += portion
    return done


@transaction.atomic
def _gather_some(conference_id: int, now: datetime) -> Reminded | None:
    """Do a portion; None if nothing is left or somebody else is at it just now."""
    lock = ReminderHabits.objects.select_for_update(skip_locked=True, no_key=True)
    habits = lock.filter(conference=conference_id).first()
    if habits is None:
        return None
    mine = Reminder.objects.filter(conference=conference_id)
    due = list(mine.due(now).order_by("send_at", "pk")[:_AT_ONCE])
    if not due:
        return None
    reminders = _with_company(due, now)
    conference = Conference.objects.get(pk=conference_id)
    places = sources.still_wanted(reminders, now=now)
    sorted_out = _sort_out(reminders, places, now)
    persons = people.load(
        delegate_ids=(each.delegate_id for each in reminders if each.delegate_id is not None),
        delegation_ids=(each.delegation_id for each in reminders if each.delegation_id is not None),
    )
    drafts = []
    for whose, one in sorted_out.items():
        drafts += _drafts(persons[whose], one, habits, now)
    writing.store(conference=conference, drafts=drafts, now=now)
    _note(drafts, [each for one in sorted_out.values() for each in one.needless])
    return Reminded(
        queued=sum(len(draft.parts) for draft in drafts if not draft.is_missed),
        missed=sum(len(draft.parts) for draft in drafts if draft.is_missed),
        letters=sum(not draft.is_missed for draft in drafts),
    )


def _with_company(due: Sequence[Reminder], now: datetime) -> list[Reminder]:
    """Return these reminders, and what else is soon to be sent to the same people."""
    planned = Reminder.objects.planned().filter(
        conference=due[0].conference_id, send_at__lte=now + AHEAD
    )
    delegates = {each.delegate_id for each in due if each.delegate_id is not None}
    delegations = {each.delegation_id for each in due if each.delegation_id is not None}
    of_delegates = planned.filter(delegate__in=delegates) if delegates else planned.none()
    of_delegations = planned.filter(delegation__in=delegations) if delegations else planned.none()
    return sorted([*of_delegates, *of_delegations], key=lambda each: (each.send_at, each.pk))


def _sort_out(
    reminders: Iterable[Reminder], places: dict[str, Place], now: datetime
) -> dict[str, _Sorted]:
    found: dict[str, _Sorted] = {}
    for reminder in reminders:
        mine = found.setdefault(reminder.whose, _Sorted())
        place = places.get(reminder.key)
        if place is None:
            mine.needless.append(reminder)
            continue
        part = Part(reminder=reminder, place=place)
        ends_use = place.occasion.ends_use
        if is_too_late(send_at=reminder.send_at, ends_use=ends_use, now=now):
            part.missed = reasons.TOO_LATE
            mine.late.append(part)
        else:
            mine.wanted.append(part)
    return found


def _drafts(
    person: people.Person, one: _Sorted, habits: ReminderHabits, now: datetime
) -> list[Draft]:
    letters = together(one.wanted, within=habits.together)
    due = [
        Draft(person=person, parts=parts) for parts in letters if parts[0].reminder.send_at <= now
    ]
    missed = [Draft(person=person, parts=[part], is_missed=True) for part in one.late]
    return due + missed


def _note(drafts: Iterable[Draft], needless: Iterable[Reminder]) -> None:
    changed = []
    for draft in drafts:
        for part in draft.parts:
            part.reminder.state = _State.MISSED if draft.is_missed else _State.IN_LETTER
            part.reminder.reason = part.missed or part.reminder.reason
            changed.append(part.reminder)
    for reminder in needless:
        reminder.state = _State.CANCELLED
        reminder.reason = reasons.NO_MORE
        changed.append(reminder)
    Reminder.objects.bulk_update(changed, ["state", "reason", "message"], batch_size=500)
