"""The badges of a demo conference's approved people."""

from collections.abc import Iterable
from datetime import UTC, datetime

from conference.models import Conference
from delegates.documents import badge_keys
from delegates.models import Badge, Delegate
from delegates.operations import badging

PRINTED_AT = datetime(2023, 11, 2, 6, 0, tzinfo=UTC)


def load_badges(
    conference: Conference,
    delegates: Iterable[Delegate],
    *,
    issued_at: datetime,
    printed_at: datetime | None,
) -> dict[int, Badge]:
    """Issue the first badge of each of these people; return the badges by delegate id.

    The badge of somebody who withdrew is void since that moment.
    """
    secret = bytes(badging.authority_of(conference).secret)
    badging.signing_key_of(conference)
    badges = Badge.objects.bulk_create(
        Badge(
            delegate=delegate,
            conference=conference,
            badge_class_id=delegate.accreditation.badge_class_id,
            lookup=badge_keys.lookup_of(badge_keys.badge_secret(secret, delegate.uid, 1)),
            issued_at=issued_at,
            printed_at=printed_at,
            revoked_at=delegate.withdrawn_at,
            revoked_reason="Replaced on the day before." if delegate.withdrawn_at else "",
        )
        for delegate in delegates
    )
    return {badge.delegate_id: badge for badge in badges}
