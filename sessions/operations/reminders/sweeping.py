"""The regular look at reminders. Looking twice, or twice at once, does no harm."""

from datetime import datetime

from sessions.operations import enrolling
from sessions.operations.reminders.gathering import Reminded, gather
from sessions.operations.reminders.planning import plan


def sweep(*, now: datetime) -> Reminded:
    """Decide what is due within a day, and make letters of what is due now.

    Before that, seats of delegates who will not come go to those who wait.
    """
    enrolling.free_seats_of_the_absent(now=now)
    plan(now=now)
    return gather(now=now)
