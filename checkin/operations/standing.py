"""What a person's badge counts for at the door: the status of CP1, section 2."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from checkin.messages import Status
from checkin.models import Block
from delegates.models import Accreditation, Badge

#: Decisions after which a badge of the person, should one still be about, is void.
ENDED = frozenset(
    {
        Accreditation.State.REFUSED,
        Accreditation.State.WITHDRAWN,
        Accreditation.State.SUBSTITUTED,
    }
)


def status_of(
    *, blocked: bool, badge_void: bool, withdrawn: bool, accreditation: str | None
) -> Status:
    """Return the status of one issue of a person's badge: the first that holds.

    ``blocked`` is of the person, now. Whoever withdrew, was refused after all or substituted holds
    no badge any more; who is not approved yet is unconfirmed.
    """
    if blocked:
        return "blocked"
    if badge_void or withdrawn or accreditation in ENDED:
        return "revoked"
    return "ok" if accreditation == Accreditation.State.APPROVED else "unconfirmed"


def with_blocks(badges: QuerySet[Badge], now: datetime) -> QuerySet[Badge]:
    """Add ``is_blocked`` to badges: whether their person is blocked at ``now``."""
    standing = Block.objects.filter(
        Q(until=None) | Q(until__gt=now), delegate=OuterRef("delegate"), since__lte=now
    )
    return badges.annotate(is_blocked=Exists(standing))


def status_of_badge(badge: Badge) -> Status:
    """Return the status of a badge of :func:`with_blocks`, its person and decision loaded."""
    decision = getattr(badge.delegate, "accreditation", None)
    return status_of(
        blocked=badge.is_blocked,  # type: ignore[attr-defined]
        badge_void=badge.revoked_at is not None,
        withdrawn=badge.delegate.withdrawn_at is not None,
        accreditation=decision.state if decision else None,
    )
