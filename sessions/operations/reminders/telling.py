"""What pages tell of the reminders of a session."""

from datetime import datetime

from conference.local_time import wall_minutes_before
from delegates.models import Delegate
from sessions.models import Enrolment, Session


def due_of_session(session: Session) -> datetime | None:
    """Return when its own reminder is due by the clocks of the venue, or None if it has none."""
    if session.remind_minutes_before is None:
        return None
    return wall_minutes_before(
        session.starts_at, session.remind_minutes_before, session.conference.zone
    )


def unreachable(session: Session) -> list[Delegate]:
    """Return who has a seat and no e-mail address, so that nobody relies on a reminder."""
    seats = session.enrolments.filter(
        state=Enrolment.State.SEAT, delegate__in=Delegate.objects.accredited()
    )
    return list(Delegate.objects.filter(enrolments__in=seats, email=""))
