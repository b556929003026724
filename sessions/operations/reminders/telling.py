"""What pages tell of the reminders of a session."""

from datetime import datetime

from conference.local_time import wall_minutes_before
from conference.models import Message
from delegates.models import Delegate
from delegates.operations import reaching
from sessions.models import Enrolment, Reminder, Session


def due_of_session(session: Session) -> datetime | None:
    """Return when its own reminder is due by the clocks of the venue, or None if it has none."""
    if session.remind_minutes_before is None:
        return None
    return wall_minutes_before(
        session.starts_at, session.remind_minutes_before, session.conference.zone
    )


def unreachable(session: Session) -> list[Delegate]:
    """Return who has a seat and is reached on no way, so that nobody relies on a reminder."""
    seats = session.enrolments.filter(
        state=Enrolment.State.SEAT, delegate__in=Delegate.objects.accredited()
    )
    silent = Delegate.objects.filter(enrolments__in=seats, email="")
    return list(reaching.with_ways(silent).filter(has_pages=False))


def may_go_unasked(message: Message) -> bool:
    """Tell whether a rule lets this letter be told of on a phone that nobody asked about."""
    return Reminder.objects.filter(message=message, rule__by_text=True).exists()
