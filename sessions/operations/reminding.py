"""Reminders before a session: each once, at the right local time, never for what does not happen.

What is due is read from the sessions and their seats at every look; nothing is scheduled ahead.
So a moved session moves its reminder, and losing broker, beat or worker loses none. The key names
session, start, offset and delegate: two beats or two workers make one letter.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from conference.models import Message
from conference.operations import mailing
from delegates.models import Delegate
from sessions.documents import notices
from sessions.documents.local_time import wall_minutes_before
from sessions.models import Enrolment, Session
from sessions.operations import enrolling, notifying

PURPOSE = "session_reminder"
#: A reminder later than this is of no use to anybody: it is shown as missed and never sent.
TOO_LATE = timedelta(hours=2)
#: How far back a look finds what nobody looked for in time, to show it as missed.
MEMORY = timedelta(days=1)

UNSENT = (Message.State.QUEUED, Message.State.FAILED, Message.State.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """What one look did."""

    queued: int = 0
    missed: int = 0


def reminder_due_at(session: Session) -> datetime | None:
    """Return when its reminder is due by the clocks of the venue, or None if it has none."""
    if session.remind_minutes_before is None:
        return None
    return wall_minutes_before(
        session.starts_at, session.remind_minutes_before, session.conference.zone
    )


def remind_sessions(*, now: datetime) -> Reminded:
    """Queue every reminder that is due at ``now`` and note those that were missed.

    Before that, seats of delegates who will not come go to those who wait.
    """
    enrolling.free_seats_of_the_absent(now=now)
    queued = missed = 0
    for session in _sessions_with_reminders(now):
        due = reminder_due_at(session)
        if due is None or not now - MEMORY <= due <= now:
            continue
        for delegate in _delegates_to_remind(session, due):
            if _is_too_late(session, due, now):
                missed += _note_missed(session, delegate, now)
            else:
                queued += _queue(session, delegate, now)
    return Reminded(queued=queued, missed=missed)


def withdraw_reminders(*, session: Session, now: datetime) -> int:
    """Cancel the session's reminders that have not left yet; return how many."""
    of_session = Message.objects.filter(
        conference_id=session.conference_id,
        purpose=PURPOSE,
        key__startswith=f"remind:session:{session.pk}:",
    )
    abandoned = Q(state=Message.State.CLAIMED, lease_until__lt=now)
    return of_session.filter(Q(state__in=UNSENT) | abandoned).update(
        state=Message.State.CANCELLED, lease_until=None
    )


def state_before_sending(message: Message, now: datetime) -> str | None:
    """Return the state that a claimed reminder ends in instead of being sent, or None to send it.

    Asked by the outbox in the last moment: the session may have been cancelled or moved, the
    seat given back, or the letter may have waited too long for a mail server.
    """
    session_id, delegate_id = _named_by(message.key)
    session = Session.objects.select_related("conference").filter(pk=session_id).first()
    if (
        session is None
        or session.is_cancelled
        or session.published_at is None
        or message.key != reminder_key(session, delegate_id)
        or not _seats_of(session).filter(delegate=delegate_id).exists()
    ):
        return Message.State.CANCELLED
    due = reminder_due_at(session)
    return Message.State.MISSED if due is None or _is_too_late(session, due, now) else None


def reminder_key(session: Session, delegate_id: int) -> str:
    """Return the key of the letter that reminds this delegate of the session as it is timed now."""
    return f"{_key_of_time(session)}{delegate_id}"


def unreachable(session: Session) -> list[Delegate]:
    """Return who has a seat and no e-mail address, so that nobody relies on a reminder."""
    return list(Delegate.objects.filter(enrolments__in=_seats_of(session), email=""))


def _key_of_time(session: Session) -> str:
    start = session.starts_at.astimezone(UTC).isoformat()
    return f"remind:session:{session.pk}:{start}:{session.remind_minutes_before}:"


def _named_by(key: str) -> tuple[int, int]:
    parts = key.split(":")
    return int(parts[2]), int(parts[-1])


def _sessions_with_reminders(now: datetime) -> list[Session]:
    return list(
        Session.objects.taking_place()
        .filter(
            published_at__isnull=False,
            remind_minutes_before__isnull=False,
            seats_taken__gt=0,
            starts_at__gt=now - MEMORY,
        )
        .select_related("conference", "room__venue")
    )


def _seats_of(session: Session) -> QuerySet[Enrolment]:
    return session.enrolments.filter(
        state=Enrolment.State.SEAT, delegate__in=Delegate.objects.accredited()
    )


def _delegates_to_remind(session: Session, due: datetime) -> list[Delegate]:
    """Return who had a seat when the reminder was due, can be written to, and was not yet."""
    key = _key_of_time(session)
    settled = set(
        Message.objects.filter(key__startswith=key)
        .exclude(state=Message.State.CANCELLED)
        .values_list("key", flat=True)
    )
    seats = _seats_of(session).filter(created_at__lte=due).exclude(delegate__email="")
    return [
        enrolment.delegate
        for enrolment in seats.select_related("delegate")
        if f"{key}{enrolment.delegate_id}" not in settled
    ]


def _is_too_late(session: Session, due: datetime, now: datetime) -> bool:
    return now > due + TOO_LATE or now >= session.starts_at


def _queue(session: Session, delegate: Delegate, now: datetime) -> int:
    letter = _letter(session, delegate, notifying.own_pages(delegate, now))
    message = mailing.enqueue(conference=session.conference, letter=letter, now=now)
    if message.state == Message.State.CANCELLED:
        # Moved away and back again: the same letter is wanted once more.
        mailing.revive(message_id=message.pk, letter=letter, now=now)
    return 1


def _note_missed(session: Session, delegate: Delegate, now: datetime) -> int:
    letter = _letter(session, delegate, url="")
    mailing.record_missed(conference=session.conference, letter=letter, now=now)
    return 1


def _letter(session: Session, delegate: Delegate, url: str) -> mailing.Letter:
    return notifying.letter_to(
        key=reminder_key(session, delegate.pk),
        purpose=PURPOSE,
        delegate=delegate,
        notice=notices.reminder(session=session, delegate=delegate, url=url),
    )
