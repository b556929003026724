"""How much of delegations and their people a reader may see; each rule stands here once."""

from typing import Final

from django.db.models import Q

from conference.interface.reading import Reader
from conference.models import Role
from delegates.models import Delegate, Delegation

#: Who sees that a delegation exists and how far it is.
SEE_DELEGATIONS: Final = frozenset(Role.values)
#: Who sees the people of the delegations.
SEE_DELEGATES: Final = frozenset({Role.ORGANISER, Role.PROTOCOL, Role.DESK})
#: Who sees how to reach them, what they need and when they travel.
SEE_CONTACT: Final = frozenset({Role.ORGANISER, Role.PROTOCOL})

CONTACT_RULE: Final = (
    "Only for organisers, protocol officers, the person and the delegation's focal point; "
    "null for others."
)
PROTOCOL_RULE: Final = "Only for the conference's team; null for others."


def readable_delegations(reader: Reader) -> Q:
    """Return the condition of the delegations that this reader may see."""
    inside = Q(conference__in=reader.conferences(SEE_DELEGATIONS))
    return inside if reader.user_id is None else inside | Q(focal_user=reader.user_id)


def readable_delegates(reader: Reader) -> Q:
    """Return the condition of the people whom this reader may see."""
    inside = Q(conference__in=reader.conferences(SEE_DELEGATES))
    if reader.user_id is None:
        return inside
    return inside | Q(user=reader.user_id) | Q(delegation__focal_user=reader.user_id)


def sees_focal_point(reader: Reader, delegation: Delegation) -> bool:
    """Return whether the reader may see how to reach the delegation's focal point."""
    return reader.role_in(delegation.conference_id) in SEE_CONTACT or (
        reader.user_id is not None and delegation.focal_user_id == reader.user_id
    )


def sees_contact(reader: Reader, delegate: Delegate) -> bool:
    """Return whether the reader may see the person's contact, needs and journey."""
    if reader.role_in(delegate.conference_id) in SEE_CONTACT:
        return True
    return reader.user_id is not None and reader.user_id in (
        delegate.user_id,
        delegate.delegation.focal_user_id,
    )


def sees_protocol(reader: Reader, delegate: Delegate) -> bool:
    """Return whether the reader may see the rank and treatment that the organiser gave."""
    return reader.role_in(delegate.conference_id) in SEE_DELEGATES
