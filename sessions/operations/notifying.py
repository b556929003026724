"""Letters to delegates about their seats. Who has no e-mail is not written to."""

from collections.abc import Callable
from datetime import datetime

from conference.operations import mailing
from conference.operations.mailing import Letter
from delegates.models import Delegate, PersonalLink
from delegates.operations import linking
from sessions.documents import notices
from sessions.documents.notices import Notice
from sessions.models import Enrolment, Session


def tell_seat_came_free(*, session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Write to a delegate who moved up from the waiting list."""
    delegate = enrolment.delegate
    if not delegate.email:
        return
    notice = notices.seat_came_free(
        session=session, delegate=delegate, url=own_pages(delegate, now)
    )
    letter = letter_to(
        key=f"seat:{enrolment.pk}", purpose="session_seat", delegate=delegate, notice=notice
    )
    mailing.enqueue(conference=session.conference, letter=letter, now=now)


def tell_cancelled(*, session: Session, now: datetime) -> int:
    """Write to everybody with a seat or waiting for one; return to how many."""
    key = f"cancel:session:{session.pk}"
    return _tell_all(session, key, "session_cancelled", notices.cancellation, now)


def tell_moved(*, session: Session, now: datetime) -> int:
    """Write to everybody with a seat or waiting for one; return to how many."""
    key = f"move:session:{session.pk}:{session.sequence}"
    return _tell_all(session, key, "session_moved", notices.move, now)


def letter_to(*, key: str, purpose: str, delegate: Delegate, notice: Notice) -> Letter:
    """Address a notice to a delegate."""
    return Letter(
        key=key,
        purpose=purpose,
        to_email=delegate.email,
        to_name=delegate.display_name,
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
    reachable = Delegate.objects.attending().filter(enrolments__session=session).exclude(email="")
    for delegate in reachable:
        letter = letter_to(
            key=f"{key}:{delegate.pk}",
            purpose=purpose,
            delegate=delegate,
            notice=write(session=session, delegate=delegate, url=own_pages(delegate, now)),
        )
        mailing.enqueue(conference=session.conference, letter=letter, now=now)
    return len(reachable)
