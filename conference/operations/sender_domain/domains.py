"""Domains: whose they are, and which of them count as the same for DMARC (RFC 7489 §3)."""

from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

#: Reserved for examples and tests (RFC 2606, RFC 6761): nobody can publish a record there.
_NEVER_REAL: Final = ("example", "test", "invalid", "localhost", "local", "localdomain")
_EXAMPLES: Final = ("example.com", "example.net", "example.org")


def of_address(address: str) -> str:
    """Return the domain of an address in small letters, "" where it has none."""
    return address.rpartition("@")[2].strip().strip(".").lower()


def is_demo(domain: str) -> bool:
    """Tell whether no mail can come from this domain, as it is only made up."""
    is_example = any(domain == each or domain.endswith(f".{each}") for each in _EXAMPLES)
    return is_example or "." not in domain or domain.rpartition(".")[2] in _NEVER_REAL


def organisational(domain: str) -> str:
    """Return the domain that was registered: example.gov.cn of mail.example.gov.cn."""
    return _suffixes().privatesuffix(domain) or domain


def are_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Tell whether DMARC takes one for the other: the same name, or one registered domain."""
    if strict or one == other:
        return one == other
    return organisational(one) == organisational(other)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
