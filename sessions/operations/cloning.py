"""The programme's part of cloning a conference.

Carried: sessions that were not cancelled, re-based, with their speakers; those that were published
are the copy's first version. The rules by which people are reminded. Not carried: seats, former
versions, numbers that calendars count changes with, reminders already decided.
"""

from datetime import datetime

from django.db import transaction

from conference.operations.cloning import Clone
from delegates.operations.cloning import ClonedDelegations
from sessions.models import Appearance, ReminderHabits, ReminderRule, Session, Speaker
from sessions.operations.releasing import publish_programme


@transaction.atomic
def clone_programme(
    *, clone: Clone, delegations: ClonedDelegations, now: datetime
) -> dict[int, Session]:
    """Copy the programme into the new conference; return the copies by their originals' keys."""
    originals = list(clone.source.sessions.taking_place().order_by("pk"))
    copies: dict[int, Session] = {}
    for original in originals:
        room = clone.rooms.get(original.room_id) if original.room_id else None
        copies[original.pk] = Session.objects.create(
            conference=clone.conference,
            kind=original.kind,
            title_en=original.title_en,
            title_zh=original.title_zh,
            summary_en=original.summary_en,
            summary_zh=original.summary_zh,
            room=room,
            room_exclusive=original.room_exclusive,
            place_en=original.place_en,
            place_zh=original.place_zh,
            starts_at=clone.shift.instant(original.starts_at),
            ends_at=clone.shift.instant(original.ends_at),
            takes_enrolments=original.takes_enrolments,
            capacity=original.capacity,
            visibility=original.visibility,
            languages=original.languages,
            interpretation=original.interpretation,
            published_at=now if original.published_at else None,
            remind_minutes_before=original.remind_minutes_before,
            source=original.source,
            invented=original.invented,
        )
    for original in originals:
        if original.parent_id in copies:
            Session.objects.filter(pk=copies[original.pk].pk).update(
                parent=copies[original.parent_id]
            )
    _copy_speakers(clone, delegations, copies)
    _copy_rules(clone, copies)
    drafts = [copy.pk for copy in copies.values() if copy.published_at is None]
    if len(drafts) < len(copies):
        publish_programme(conference=clone.conference, actor=None, now=now, held_back=drafts)
    return copies


def _copy_speakers(
    clone: Clone, delegations: ClonedDelegations, sessions: dict[int, Session]
) -> None:
    speakers = {
        original.pk: Speaker.objects.create(
            conference=clone.conference,
            delegate=delegations.delegates.get(original.delegate_id or 0),
            name_en=original.name_en,
            name_zh=original.name_zh,
            title_en=original.title_en,
            title_zh=original.title_zh,
            order=original.order,
            source=original.source,
            note=original.note,
            uncertain=original.uncertain,
        )
        for original in clone.source.speakers.all()
    }
    Appearance.objects.bulk_create(
        Appearance(
            session=sessions[original.session_id],
            speaker=speakers[original.speaker_id],
            part=original.part,
            order=original.order,
        )
        for original in Appearance.objects.filter(session__in=sessions)
    )


def _copy_rules(clone: Clone, sessions: dict[int, Session]) -> None:
    # What a conference begins with gives way to what its original has made of it.
    clone.conference.reminder_rules.all().delete()
    for rule in ReminderRule.objects.filter(conference=clone.source).order_by("pk"):
        if rule.session_id is not None and rule.session_id not in sessions:
            continue
        rule.pk = None
        rule._state.adding = True
        rule.conference = clone.conference
        rule.session = sessions[rule.session_id] if rule.session_id is not None else None
        rule.until_day = clone.shift.day(rule.until_day)
        rule.save()
    habits = ReminderHabits.objects.get(conference=clone.source)
    ReminderHabits.objects.filter(conference=clone.conference).update(
        quiet_from=habits.quiet_from,
        quiet_until=habits.quiet_until,
        together_minutes=habits.together_minutes,
    )
