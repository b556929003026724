"""A round of the doors: a look at what is new there, and letters about it to those on duty."""

from datetime import datetime

from checkin.operations import alert_letters, watching
from conference.models import Conference


def go_round(*, conference_id: int, now: datetime) -> None:
    """Look at the doors of one conference and write to those on duty; safe to do twice at once."""
    conference = Conference.objects.filter(pk=conference_id).first()
    if conference is None:
        # It was taken away while the wish for a look was under way.
        return
    watching.watch(conference=conference, now=now)
    alert_letters.write_letters(conference=conference, now=now)


def go_all_rounds(*, now: datetime) -> None:
    """Look at the doors of every conference that is going on."""
    for conference_id in watching.conferences_in_use(now=now):
        go_round(conference_id=conference_id, now=now)
