from datetime import timedelta

from sessions.models import Session
from tests.sessions import cast


def test_which_sessions_are_meant(conference):
    public = cast.make_session(conference, title_en="Public")
    delegates = cast.make_session(conference, title_en="Delegates", visibility="delegates")
    staff = cast.make_session(conference, title_en="Staff", visibility="staff")
    draft = cast.make_session(conference, title_en="Draft", published_at=None)
    gone = cast.make_session(conference, title_en="Gone", cancelled_at=cast.NOW)
    everything = Session.objects.order_by("pk")
    assert list(everything.public()) == [public, gone]
    assert list(everything.for_delegates()) == [public, delegates, gone]
    assert list(everything.taking_place()) == [public, delegates, staff, draft]
    assert list(everything.upcoming(public.starts_at)) == []
    assert everything.upcoming(public.starts_at - timedelta(seconds=1)).count() == 5


def test_seats_are_taken_until_it_begins(session):
    start = session.starts_at
    assert session.takes_seats_at(start - timedelta(seconds=1))
    assert not session.takes_seats_at(start)


def test_free_seats(session):
    assert session.seats_free == 2
    session.capacity = None
    assert session.seats_free is None
