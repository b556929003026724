import pytest

from conference.models import AuditEntry
from sessions.errors import NothingToPublish
from sessions.models import Release, Speaker
from sessions.operations.appearing import add_appearance, remove_appearance
from sessions.operations.releasing import pending_changes, publish_programme
from sessions.operations.scheduling import cancel_session, change_session
from tests.sessions import cast


def publish(conference, **fields):
    return publish_programme(conference=conference, actor=None, now=cast.NOW, **fields)


def summary(changes):
    return [(one["what"], one["says"]["title_en"], sorted(one["said"])) for one in changes]


@pytest.fixture
def drafts(conference):
    return [
        cast.make_session(
            conference, cast.venue_time(hour), minutes=60, title_en=title, published_at=None
        )
        for hour, title in ((9, "Opening"), (10, "Panel"))
    ]


def test_the_first_version_publishes_every_draft(conference, drafts, organiser):
    release = publish_programme(conference=conference, actor=organiser, now=cast.NOW)
    assert (release.number, release.released_by) == (1, organiser)
    assert summary(release.changes) == [("added", "Opening", []), ("added", "Panel", [])]
    for draft in drafts:
        draft.refresh_from_db()
        assert draft.published_at == cast.NOW
    assert AuditEntry.objects.first().action == "programme.publish"


def test_what_is_held_back_stays_a_draft(conference, drafts):
    _, panel = drafts
    assert summary(publish(conference, held_back=[panel.pk]).changes) == [("added", "Opening", [])]
    panel.refresh_from_db()
    assert panel.published_at is None
    assert summary(pending_changes(conference=conference)) == [("added", "Panel", [])]


def test_nothing_new_is_not_a_version(conference, drafts):
    publish(conference)
    with pytest.raises(NothingToPublish):
        publish(conference)
    assert Release.objects.count() == 1


def test_a_version_tells_what_changed_since_the_last(conference, drafts):
    publish(conference)
    opening, panel = drafts
    change_session(
        session_id=opening.pk,
        actor=None,
        now=cast.NOW,
        starts_at=cast.venue_time(8),
        title_en="Grand opening",
    )
    cancel_session(session_id=panel.pk, reason_en="Storm", actor=None, now=cast.NOW)
    second = publish(conference)
    assert second.number == 2
    assert summary(second.changes) == [
        ("changed", "Grand opening", ["starts_at", "title_en"]),
        ("cancelled", "Panel", ["cancelled"]),
    ]
    assert second.changes[0]["said"]["title_en"] == "Opening"


def test_there_and_back_is_no_change(conference, drafts):
    publish(conference)
    for title in ("Other", "Opening"):
        change_session(session_id=drafts[0].pk, actor=None, now=cast.NOW, title_en=title)
    assert pending_changes(conference=conference) == []


def test_a_speaker_more_or_less_is_a_change(conference, drafts, organiser):
    publish(conference)
    appearance = add_appearance(
        session=drafts[0],
        speaker=Speaker(conference=conference, name_en="Zhu Yongxin"),
        part="reader",
        actor=organiser,
        now=cast.NOW,
    )
    assert summary(pending_changes(conference=conference)) == [("changed", "Opening", ["speakers"])]
    remove_appearance(appearance=appearance, actor=organiser, now=cast.NOW)
    assert pending_changes(conference=conference) == []
    assert list(AuditEntry.objects.values_list("action", flat=True)[:2]) == [
        "session.remove_speaker",
        "session.add_speaker",
    ]


def test_a_draft_that_was_cancelled_is_told_to_nobody(conference, drafts):
    cancel_session(session_id=drafts[1].pk, reason_en="Storm", actor=None, now=cast.NOW)
    assert summary(publish(conference).changes) == [("added", "Opening", [])]
    drafts[1].refresh_from_db()
    assert drafts[1].published_at is None


def test_each_conference_counts_its_own_versions(conference, drafts):
    publish(conference)
    other = cast.make_conference("tacoma")
    cast.make_session(other, published_at=None)
    assert publish(other).number == 1
