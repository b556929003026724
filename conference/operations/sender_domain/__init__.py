"""What the DNS says of the domain that mail comes from: SPF, DKIM, DMARC, and their alignment.

Recipients' servers judge a mailing by it, so the organiser sees it before one starts. It is a look
from outside: it never keeps a letter back.
"""

from conference.operations.sender_domain.findings import Finding, Part, Record, State
from conference.operations.sender_domain.looking import (
    Picture,
    is_refused,
    look,
    look_again,
    seen,
)

__all__ = [
    "Finding",
    "Part",
    "Picture",
    "Record",
    "State",
    "is_refused",
    "look",
    "look_again",
    "seen",
]
