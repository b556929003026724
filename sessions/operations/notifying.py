"""Letters to delegates about their seats. Those of who has no e-mail wait on their own pages."""

from collections.abc import Callable
from datetime import datetime

from conference.operations import mailing
from conference.operations.mailing import Letter
from delegates.models import Delegate, PersonalLink
from delegates.operations import linking
from sessions.documents import notices
from sessions.documents.notices import Notice
from sessions.models import Enrolment, Session

SEAT, CANCELLED, MOVED = PURPOSES = ("session_seat", "session_cancelled", "session_moved")


def tell_seat_came_free(*, session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Write to a delegate who moved up from the waiting list."""
    delegate = enrolment.delegate
    notice = notices.seat_came_free(
        session=session, delegate=delegate, url=own_pages(delegate, now)
    )
    letter = letter_to(key=f"seat:{enrolment.pk}", purpose=SEAT, delegate=delegate, notice=notice)
    _hand_over(letter, session, now)


def tell_cancelled(*, session: Session, now: datetime) -> int:
    """Write to everybody with a seat or waiting for one; return to how many."""
    key = f"cancel:session:{session.pk}"
    return _tell_all(session, key, CANCELLED, notices.cancellation, now)


def tell_moved(*, session: Session, now: datetime) -> int:
    """Write to everybody with a seat or waiting for one; return to how many."""
    key = f"move:session:{session.pk}:{session.sequence}"
    return _tell_all(session, key, MOVED, notices.move, now)


def letter_to(*, key: str, purpose: str, delegate: Delegate, notice: Notice) -> Letter:
    """Address a notice to a delegate."""
    return Letter(
        key=key,
        purpose=purpose,
        recipient=f"delegate:{delegate.pk}",
        to_email=delegate.email,
        to_name=delegate.letter_name,
        language=delegate.language,
        subject=notice.subject,
        body_text=notice.text,
        body_html=notice.html,
    )


def own_pages(delegate: Delegate, now: datetime) -> str:
    """Return a new personal address of the delegate's pages: nobody needs an account to answer."""
    purpose = PersonalLink.Purpose.DELEGATE
    return linking.create_link(purpose=purpose, delegate=delegate, now=now).url


def _tell_all(
    session: Session, key: str, purpose: str, write: Callable[..., Notice], now: datetime
) -> int:
    concerned = Delegate.objects.attending().filter(enrolments__session=session)
    reached = 0
    for delegate in concerned:
        letter = letter_to(
            key=f"{key}:{delegate.pk}",
            purpose=purpose,
            delegate=delegate,
            notice=write(session=session, delegate=delegate, url=own_pages(delegate, now)),
        )
        _hand_over(letter, session, now)
        reached += bool(delegate.email)
    return reached


def _hand_over(letter: Letter, session: Session, now: datetime) -> None:
    hand_over = mailing.enqueue if letter.to_email else mailing.record_unaddressed
    hand_over(conference=session.conference, letter=letter, now=now)
