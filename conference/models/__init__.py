"""The house: who runs a conference, where, and in whose name."""

from conference.models.api_token import ApiToken
from conference.models.audit import AuditEntry
from conference.models.conference import (
    Conference,
    Fact,
    Host,
    validate_day,
    validate_timezone,
)
from conference.models.message import Campaign, Message, OutboxMail
from conference.models.series import Series
from conference.models.team import Membership, Role
from conference.models.user import Language, User
from conference.models.venue import Room, Venue

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Campaign",
    "Conference",
    "Fact",
    "Host",
    "Language",
    "Membership",
    "Message",
    "OutboxMail",
    "Role",
    "Room",
    "Series",
    "User",
    "Venue",
    "validate_day",
    "validate_timezone",
]
