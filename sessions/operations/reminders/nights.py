"""Quiet hours: those of a conference, and until when they hold for a letter's recipient."""

from datetime import datetime

from conference.models import Conference, Message
from conference.operations import channels
from sessions.operations.reminders import people
from sessions.operations.reminders.timing import Quiet


def quiet_hours_of(conference: Conference) -> Quiet:
    """Return the quiet hours of a conference."""
    habits = conference.reminder_habits
    return Quiet(begins=habits.quiet_from, ends=habits.quiet_until)


def night_of(message: Message, now: datetime) -> channels.Night | None:
    """Return until when it is night where the delegate of this letter is; None if it is not."""
    kind, _colon, number = message.recipient.partition(":")
    if kind != "delegate" or not number.isdecimal():
        return None
    person = people.load(delegate_ids=[int(number)], delegation_ids=()).get(message.recipient)
    if person is None:
        return None
    zone = person.whereabouts.zone_at(now)
    window = quiet_hours_of(message.conference).around(now, zone)
    return None if window is None else channels.Night(until=window[1], zone=zone)
