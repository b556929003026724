"""Who is expected and has not come in anywhere: no-shows, once their time has passed."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from checkin.live.programme import opening_ms
from checkin.models import Presence
from conference.models import Conference
from delegates.models import Delegate


def absent(conference: Conference) -> "QuerySet[Delegate]":
    """Return those who are expected and not here, in order of precedence."""
    came = Presence.objects.filter(delegate=OuterRef("pk"), entries__gt=0)
    found: QuerySet[Delegate] = (
        Delegate.objects.accredited()
        .filter(~Exists(came), conference=conference)
        .select_related("delegation", "accreditation__badge_class")
        .order_by(
            "delegation__precedence",
            "delegation__name_en",
            "delegation__name_zh",
            "rank",
            "family_name",
            "given_name",
            "pk",
        )
    )
    return found


def late(conference: Conference, now: datetime) -> Q:
    """Return which of the absent are late: the conference has opened, and so has their day.

    Whoever told no time of arrival is due with the first session.
    """
    opening = opening_ms(conference)
    if opening is not None and now.timestamp() * 1000 < opening:
        return Q(pk__in=[])
    return Q(arrival_at=None) | Q(arrival_at__lte=now)
