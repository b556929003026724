"""How much of the programme a reader may see."""

from typing import Final

from django.db.models import Q

from conference.interface.reading import Reader
from conference.models import Role
from delegates.models import Delegate
from sessions.models import Session

#: Who sees sessions that are not published yet.
SEE_DRAFTS: Final = frozenset({Role.ORGANISER, Role.PROTOCOL, Role.PROGRAMME})
#: Who sees every published session, those for staff included.
SEE_STAFF: Final = frozenset({Role.DESK, Role.VIEWER})
SEATS_RULE: Final = "Only for the team and the delegates of the conference; null for others."


def attended_conferences(reader: Reader) -> set[int]:
    """Return the ids of the conferences that the reader attends as a delegate."""
    if reader.user_id is None:
        return set()
    mine = Delegate.objects.attending().for_user(reader.user_id)
    return set(mine.values_list("conference_id", flat=True))


def readable_sessions(reader: Reader, attended: set[int]) -> Q:
    """Return the condition of the sessions that this reader may see."""
    published = Q(published_at__isnull=False)
    for_everybody = Q(visibility=Session.Visibility.PUBLIC, conference__published=True)
    for_delegates = Q(
        visibility__in=[Session.Visibility.PUBLIC, Session.Visibility.DELEGATES],
        conference__in=attended,
    )
    for_staff = Q(conference__in=reader.conferences(SEE_STAFF))
    drafts = Q(conference__in=reader.conferences(SEE_DRAFTS))
    return drafts | (published & (for_everybody | for_delegates | for_staff))
