"""What happens: the timetable, the people on it and the seats, and who is reminded of it."""

from sessions.models.appearance import Appearance, Speaker
from sessions.models.enrolment import Enrolment
from sessions.models.release import Release
from sessions.models.reminder import Reminder
from sessions.models.reminder_rule import ReminderHabits, ReminderRule
from sessions.models.session import Session

__all__ = [
    "Appearance",
    "Enrolment",
    "Release",
    "Reminder",
    "ReminderHabits",
    "ReminderRule",
    "Session",
    "Speaker",
]
