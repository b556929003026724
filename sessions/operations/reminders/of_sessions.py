"""Reminders of sessions: those with a seat, or those who speak."""

from collections.abc import Iterator

from sessions.models import Appearance, Enrolment, ReminderRule, Session
from sessions.operations.reminders.occasions import (
    Narrowed,
    Occasion,
    Place,
    delegates_in,
    offset_of,
)
from sessions.operations.reminders.timing import Offset


class Sessions:
    """Sessions that are published and take place."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return each session with each rule that reminds of it."""
        found = (
            Session.objects.taking_place()
            .filter(
                conference__in={rule.conference_id for rule in rules}, published_at__isnull=False
            )
            .select_related("conference", "room__venue")
        )
        if narrowed.between is not None:
            found = found.filter(starts_at__range=narrowed.between)
        if narrowed.thing_ids is not None:
            found = found.filter(pk__in=narrowed.thing_ids)
        sessions = list(found)
        return [
            Occasion(
                rule=rule,
                thing=f"session:{session.pk}",
                about=session,
                at=session.starts_at,
                offset=offset,
            )
            for rule in rules
            for session in sessions
            if (offset := _offset(rule, session)) is not None
        ]

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
        """Return seats and speakers' parts, as the rules ask."""
        whom = ReminderRule.Whom
        yield from _seated([each for each in occasions if each.rule.whom == whom.SEATED], narrowed)
        yield from _speaking(
            [each for each in occasions if each.rule.whom == whom.SPEAKERS], narrowed
        )


def _offset(rule: ReminderRule, session: Session) -> Offset | None:
    if rule.conference_id != session.conference_id:
        return None
    if rule.session_id is not None and rule.session_id != session.pk:
        return None
    if rule.timing != ReminderRule.Timing.OWN:
        return offset_of(rule)
    if session.remind_minutes_before is None:
        return None
    return Offset(minutes=session.remind_minutes_before)


def _seated(occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
    if not occasions:
        return
    seats = Enrolment.objects.filter(
        session__in={each.about.pk for each in occasions},
        state=Enrolment.State.SEAT,
        delegate__in=delegates_in(narrowed),
    ).values_list("session_id", "delegate_id", "created_at")
    by_session = _by_session(occasions)
    for session_id, delegate_id, since in seats:
        for occasion in by_session[session_id]:
            yield Place(occasion=occasion, delegate_id=delegate_id, since=since)


def _speaking(occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
    if not occasions:
        return
    parts = (
        Appearance.objects.filter(
            session__in={each.about.pk for each in occasions},
            speaker__delegate__in=delegates_in(narrowed),
        )
        .order_by("session_id", "speaker__delegate_id", "pk")
        .values_list("session_id", "speaker__delegate_id", "added_at")
    )
    by_session = _by_session(occasions)
    seen = set()
    for session_id, delegate_id, since in parts:
        if (session_id, delegate_id) in seen:
            continue  # a second part in the same session
        seen.add((session_id, delegate_id))
        for occasion in by_session[session_id]:
            yield Place(occasion=occasion, delegate_id=delegate_id, since=since)


def _by_session(occasions: list[Occasion]) -> dict[int, list[Occasion]]:
    found: dict[int, list[Occasion]] = {}
    for occasion in occasions:
        found.setdefault(occasion.about.pk, []).append(occasion)
    return found
