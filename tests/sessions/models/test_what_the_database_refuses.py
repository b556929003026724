"""Rules that hold whoever writes: straight to the tables, past every operation."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sessions.models import Appearance, Enrolment, Release, Session, Speaker
from tests.sessions import cast


def refuses(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_more_seats_than_there_are(session):
    rows = Session.objects.filter(pk=session.pk)
    refuses(lambda: rows.update(seats_taken=3))
    rows.update(seats_taken=2)
    refuses(lambda: rows.update(capacity=1))


def test_an_end_that_is_not_after_the_start(session):
    rows = Session.objects.filter(pk=session.pk)
    refuses(lambda: rows.update(ends_at=session.starts_at))


def test_a_session_without_any_title(conference):
    refuses(lambda: cast.make_session(conference, title_en="", title_zh=""))


def test_two_sessions_in_one_room_however_they_get_there(conference, session, room):
    at_the_end = cast.make_session(conference, session.ends_at, room=room)
    elsewhere = cast.make_session(conference, session.starts_at)
    rows = Session.objects.filter(pk=at_the_end.pk)
    refuses(lambda: cast.make_session(conference, session.starts_at, room=room))
    refuses(lambda: rows.update(starts_at=session.ends_at - timedelta(minutes=1)))
    refuses(lambda: Session.objects.filter(pk=elsewhere.pk).update(room=room))
    refuses(
        lambda: Session.objects.bulk_create(
            [
                Session(
                    conference=conference,
                    kind="panel",
                    title_en="Bulk",
                    room=room,
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                )
            ]
        )
    )


def test_a_cancelled_session_that_comes_back_into_a_taken_room(conference, session, room):
    rows = Session.objects.filter(pk=session.pk)
    rows.update(cancelled_at=cast.NOW)
    cast.make_session(conference, session.starts_at, room=room)
    refuses(lambda: rows.update(cancelled_at=None))


def test_two_seats_of_one_delegate_in_one_session(session, alice):
    Enrolment.objects.create(session=session, delegate=alice, created_at=cast.NOW)
    refuses(
        lambda: Enrolment.objects.create(
            session=session, delegate=alice, state="waiting", created_at=cast.NOW
        )
    )


def test_one_number_for_two_versions(conference):
    Release.objects.create(conference=conference, number=1, released_at=cast.NOW)
    refuses(lambda: Release.objects.create(conference=conference, number=1, released_at=cast.NOW))


def test_the_same_part_twice_and_a_speaker_without_a_name(conference, session):
    speaker = Speaker.objects.create(conference=conference, name_zh="朱永新")
    Appearance.objects.create(session=session, speaker=speaker)
    refuses(lambda: Appearance.objects.create(session=session, speaker=speaker))
    refuses(lambda: Speaker.objects.create(conference=conference))
