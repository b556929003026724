"""Who comes: places, delegations and their people."""

from delegates.models.accreditation import Accreditation, Badge, CredentialAuthority, SigningKey
from delegates.models.delegate import Delegate
from delegates.models.delegation import BadgeClass, Delegation, Quota
from delegates.models.importing import ImportBatch, ImportRow
from delegates.models.invitation import Invitation, PersonalLink
from delegates.models.locality import Country, Locality, Organisation, SisterPair

__all__ = [
    "Accreditation",
    "Badge",
    "BadgeClass",
    "Country",
    "CredentialAuthority",
    "Delegate",
    "Delegation",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "Locality",
    "Organisation",
    "PersonalLink",
    "Quota",
    "SigningKey",
    "SisterPair",
]
