"""Making reminder rules, changing them, switching them on and off; and the conference's habits."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction

from conference.models import Conference, User
from conference.operations import auditing
from sessions.models import ReminderHabits, ReminderRule
from sessions.operations.reminders.withdrawing import withdraw

#: What says when and to whom; another value makes other reminders.
_TIMES = ("whom", "session", "until_day", "timing", "is_after", "minutes", "days", "clock")


@transaction.atomic
def make_rule(
    *, conference: Conference, actor: User | None, now: datetime, fields: Mapping[str, Any]
) -> ReminderRule:
    """Make a rule that is switched off: its maker first looks who would be reminded."""
    rule = ReminderRule.objects.create(conference=conference, created_by=actor, **fields)
    _record("reminder.create", rule, actor, now, after=_plain(fields))
    return rule


@transaction.atomic
def change_rule(
    *, rule_id: int, actor: User | None, now: datetime, fields: Mapping[str, Any]
) -> ReminderRule:
    """Change a rule; what was decided by it and has not left is decided anew.

    With another time it begins anew as well: what would have been due before now is not missed.
    """
    rule = _locked(rule_id)
    changed = {name: value for name, value in fields.items() if getattr(rule, name) != value}
    if not changed:
        return rule
    before = _plain({name: getattr(rule, name) for name in changed})
    for name, value in changed.items():
        setattr(rule, name, value)
    written = set(changed)
    if rule.active and written & set(_TIMES):
        rule.active_since = now
        written.add("active_since")
    rule.save(update_fields=sorted(written))
    withdraw(rule.reminders.all(), now=now)
    _record("reminder.change", rule, actor, now, before=before, after=_plain(changed))
    return rule


@transaction.atomic
def switch_rule(*, rule_id: int, on: bool, actor: User | None, now: datetime) -> ReminderRule:
    """Switch a rule on or off; a second time changes nothing.

    Switched off, its reminders that have not left are taken back. Switched on, it works from now.
    """
    rule = _locked(rule_id)
    if rule.active == on:
        return rule
    rule.active = on
    if on:
        rule.active_since = now
    rule.save(update_fields=["active", "active_since"])
    if not on:
        withdraw(rule.reminders.all(), now=now)
    _record("reminder.switch_on" if on else "reminder.switch_off", rule, actor, now)
    return rule


@transaction.atomic
def change_habits(
    *, conference: Conference, actor: User | None, now: datetime, fields: Mapping[str, Any]
) -> ReminderHabits:
    """Set quiet hours and the window of one letter; what is planned is decided anew."""
    habits = ReminderHabits.objects.select_for_update().get(conference=conference)
    changed = {name: value for name, value in fields.items() if getattr(habits, name) != value}
    if not changed:
        return habits
    before = _plain({name: getattr(habits, name) for name in changed})
    for name, value in changed.items():
        setattr(habits, name, value)
    habits.save(update_fields=sorted(changed))
    # Only what is planned: a letter that was written keeps the hour that was right for it.
    withdraw(conference.reminders.filter(state="planned"), now=now)
    auditing.record(
        action="reminder.habits",
        target=habits,
        conference=conference,
        actor=actor,
        before=before,
        after=_plain(changed),
        now=now,
    )
    return habits


def _locked(rule_id: int) -> ReminderRule:
    rule: ReminderRule = (
        ReminderRule.objects.select_for_update(of=("self",))
        .select_related("conference")
        .get(pk=rule_id)
    )
    return rule


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_json(value) for name, value in fields.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def _record(
    action: str,
    rule: ReminderRule,
    actor: User | None,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    auditing.record(
        action=action,
        target=rule,
        conference=rule.conference,
        actor=actor,
        before=before,
        after=after,
        now=now,
    )
