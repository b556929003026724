"""The house: who runs a conference, where, and in whose name."""

from conference.models.api_token import ApiToken
from conference.models.audit import AuditEntry
from conference.models.campaign import Campaign, IfLacking, OnDoubt
from conference.models.conference import (
    Conference,
    Fact,
    Host,
    validate_day,
    validate_timezone,
)
from conference.models.letter_reading import LetterReading
from conference.models.mail_report import MailReport
from conference.models.message import Message, OutboxMail
from conference.models.message_attachment import MessageAttachment
from conference.models.message_step import Channel, MessageStep
from conference.models.notice import Notice
from conference.models.read_mailbox import ReadMailbox
from conference.models.saved_filter import SavedFilter
from conference.models.sending_pace import SendingPace
from conference.models.series import Series
from conference.models.suppression import Suppression
from conference.models.team import Membership, Role
from conference.models.user import Language, User
from conference.models.venue import Room, Venue

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Campaign",
    "Channel",
    "Conference",
    "Fact",
    "Host",
    "IfLacking",
    "Language",
    "LetterReading",
    "MailReport",
    "Membership",
    "Message",
    "MessageAttachment",
    "MessageStep",
    "Notice",
    "OnDoubt",
    "OutboxMail",
    "ReadMailbox",
    "Role",
    "Room",
    "SavedFilter",
    "SendingPace",
    "Series",
    "Suppression",
    "User",
    "Venue",
    "validate_day",
    "validate_timezone",
]
