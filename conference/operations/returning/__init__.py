"""What comes back: bounces and complaints, each traced to its letter by a key and counted once."""

from conference.operations.returning.fetching import Fetched, fetch
from conference.operations.returning.noting import explain_rules, note
from conference.operations.returning.providers import hear, provider_headers
from conference.operations.returning.reading import Finding, read
from conference.operations.returning.tokens import (
    HEADER,
    find_letter,
    headers,
    letter_of,
    return_address,
    token_of,
)

__all__ = [
    "HEADER",
    "Fetched",
    "Finding",
    "explain_rules",
    "fetch",
    "find_letter",
    "headers",
    "hear",
    "letter_of",
    "note",
    "provider_headers",
    "read",
    "return_address",
    "token_of",
]
