"""Mailings: an audience, one text in both languages, a time, and what became of it."""

from conference.operations.campaigning.audiences import (
    Addressee,
    Kind,
    Narrowing,
    checked,
    in_words,
    kind_of,
    kinds,
    members,
    narrow_by,
    register,
)
from conference.operations.campaigning.expanding import expand_due, finish, start_scheduled
from conference.operations.campaigning.living import (
    cancel,
    hold,
    may,
    pause,
    resume,
    schedule,
    start,
    unschedule,
)
from conference.operations.campaigning.recipients import Recipients, recipients_of
from conference.operations.campaigning.waking import EXPAND_TASK

#: The purpose of these mailings and of their letters.
PURPOSE = "mailing"

__all__ = [
    "EXPAND_TASK",
    "PURPOSE",
    "Addressee",
    "Kind",
    "Narrowing",
    "Recipients",
    "cancel",
    "checked",
    "expand_due",
    "finish",
    "hold",
    "in_words",
    "kind_of",
    "kinds",
    "may",
    "members",
    "narrow_by",
    "pause",
    "recipients_of",
    "register",
    "resume",
    "schedule",
    "start",
    "start_scheduled",
    "unschedule",
]
