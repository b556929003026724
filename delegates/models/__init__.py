"""Who comes: places, delegations and their people."""

from delegates.models.accreditation import Accreditation, Badge, CredentialAuthority, SigningKey
from delegates.models.answer_scan import AnswerScan
from delegates.models.delegate import Delegate
from delegates.models.delegation import BadgeClass, Delegation, Quota
from delegates.models.deputy import Deputy
from delegates.models.importing import ImportBatch, ImportRow
from delegates.models.invitation import Invitation
from delegates.models.invitation_step import InvitationStep
from delegates.models.link_code import LinkCode
from delegates.models.locality import Country, Locality, Organisation, SisterPair
from delegates.models.personal_link import PersonalLink
from delegates.models.push_subscription import PushSubscription
from delegates.models.text_address import TextAddress
from delegates.models.text_code import TextCode

__all__ = [
    "Accreditation",
    "AnswerScan",
    "Badge",
    "BadgeClass",
    "Country",
    "CredentialAuthority",
    "Delegate",
    "Delegation",
    "Deputy",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "InvitationStep",
    "LinkCode",
    "Locality",
    "Organisation",
    "PersonalLink",
    "PushSubscription",
    "Quota",
    "SigningKey",
    "SisterPair",
    "TextAddress",
    "TextCode",
]
