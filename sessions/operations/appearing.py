"""People on the programme and their parts."""

from datetime import datetime

from django.db import transaction

from conference.models import User
from conference.operations import auditing
from sessions.models import Appearance, Session, Speaker


@transaction.atomic
def add_appearance(
    *, session: Session, speaker: Speaker, part: str, actor: User | None, now: datetime
) -> Appearance:
    """Give the speaker a part in the session, after those already named; a repeat changes nothing.

    A speaker not yet stored is stored first.
    """
    if speaker.pk is None:
        speaker.save(force_insert=True)
    appearance, is_new = Appearance.objects.get_or_create(
        session=session,
        speaker=speaker,
        part=part,
        defaults={"order": session.appearances.count(), "added_at": now},
    )
    if is_new:
        _record("session.add_speaker", appearance, actor, now)
    return appearance


@transaction.atomic
def remove_appearance(*, appearance: Appearance, actor: User | None, now: datetime) -> None:
    """Take the part away; the speaker stays known to the conference."""
    _record("session.remove_speaker", appearance, actor, now)
    appearance.delete()


def _record(action: str, appearance: Appearance, actor: User | None, now: datetime) -> None:
    auditing.record(
        action=action,
        target=appearance.session,
        conference=appearance.session.conference,
        actor=actor,
        after={"speaker": str(appearance.speaker), "part": appearance.part},
        now=now,
    )
