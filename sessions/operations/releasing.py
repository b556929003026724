"""Versions of the programme: numbered without gaps, each telling what changed since the last.

A release stores, for each session that changed, what it said then; the newest words about each
session together are what the public was last told.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from conference.models import Conference, User
from conference.operations import auditing
from sessions.errors import NothingToPublish
from sessions.models import Release, Session

ADDED = "added"
CHANGED = "changed"
CANCELLED = "cancelled"


def pending_changes(*, conference: Conference) -> list[dict[str, Any]]:
    """Return what the next release would tell, in the order of the programme.

    Each change names the session, what happened to it (added, changed, cancelled), what it said
    before where that differs, and what it says now.
    """
    told = _last_told(conference)
    changes = (_change(session, told.get(session.pk)) for session in _programme(conference))
    return [change for change in changes if change]


@transaction.atomic
def publish_programme(
    *,
    conference: Conference,
    actor: User | None,
    now: datetime,
    held_back: Collection[int] = (),
) -> Release:
    """Publish every session that was not yet, except those held back, as the next release.

    Raises NothingToPublish when nothing has changed since the last one.
    """
    # Two at once would both count from the same last number.
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    changes = [
        change
        for change in pending_changes(conference=conference)
        if not (change["what"] == ADDED and change["session"] in held_back)
    ]
    if not changes:
        raise NothingToPublish
    fresh = [change["session"] for change in changes if change["what"] == ADDED]
    Session.objects.filter(pk__in=fresh, published_at=None).update(published_at=now, changed_at=now)
    last = conference.releases.aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(
        conference=conference,
        number=last + 1,
        released_at=now,
        released_by=actor,
        changes=changes,
    )
    auditing.record(
        action="programme.publish",
        target=release,
        conference=conference,
        actor=actor,
        after={"number": release.number, "changes": len(changes)},
        now=now,
    )
    return release


def _programme(conference: Conference) -> list[Session]:
    return list(
        conference.sessions.select_related("room__venue").prefetch_related("appearances__speaker")
    )


def _last_told(conference: Conference) -> dict[int, dict[str, Any]]:
    told: dict[int, dict[str, Any]] = {}
    for changes in conference.releases.order_by("number").values_list("changes", flat=True):
        told |= {change["session"]: change["says"] for change in changes}
    return told


def _change(session: Session, told: dict[str, Any] | None) -> dict[str, Any] | None:
    says = _says(session)
    if told is None:
        # Cancelled before anybody was told of it: there is nothing to tell.
        if session.is_cancelled and session.published_at is None:
            return None
        return _entry(session, ADDED, {}, says)
    said = {key: told.get(key) for key, value in says.items() if told.get(key) != value}
    if not said:
        return None
    cancelled = says["cancelled"] and not told["cancelled"]
    return _entry(session, CANCELLED if cancelled else CHANGED, said, says)


def _entry(
    session: Session, what: str, said: dict[str, Any], says: dict[str, Any]
) -> dict[str, Any]:
    """``said`` holds the former words where they differ, ``says`` all the present ones."""
    return {"session": session.pk, "what": what, "said": said, "says": says}


def _says(session: Session) -> dict[str, Any]:
    """Return what the programme says about a session, as JSON."""
    return {
        "title_en": session.title_en,
        "title_zh": session.title_zh,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "room": session.room_id,
        "place_en": session.place_en,
        "place_zh": session.place_zh,
        "summary_en": session.summary_en,
        "summary_zh": session.summary_zh,
        "visibility": session.visibility,
        "capacity": session.capacity,
        "cancelled": session.is_cancelled,
        "speakers": [
            f"{appearance.part}:{appearance.speaker}" for appearance in session.appearances.all()
        ],
    }
