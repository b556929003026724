"""Reminders by rules: decided a day ahead, gathered into letters, looked at before they leave.

What holds now is asked anew at every look, and what was decided is kept with its reason. The key of
a reminder names rule, thing, its time, offset and person: two beats make one of it. See
docs/decisions/0014.
"""

from sessions.operations.reminders.gathering import Reminded
from sessions.operations.reminders.looking import last_look
from sessions.operations.reminders.sweeping import sweep
from sessions.operations.reminders.telling import due_of_session, may_go_unasked, unreachable
from sessions.operations.reminders.withdrawing import withdraw, withdraw_from_session
from sessions.operations.reminders.writing import PURPOSE

__all__ = [
    "PURPOSE",
    "Reminded",
    "due_of_session",
    "last_look",
    "may_go_unasked",
    "sweep",
    "unreachable",
    "withdraw",
    "withdraw_from_session",
]
