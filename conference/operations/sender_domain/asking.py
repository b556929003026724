"""Asking the DNS for TXT records, for so long and no longer.

Source: RFC 1035 §3.3.14 (the strings of one record), RFC 7208 §3.3 (joined without spaces).
"""

import time
from collections.abc import Sequence
from typing import Final

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT

#: Seconds: for one try at one server, and for everything that one part asks.
_TRY: Final = 1.0
_ALL: Final = 2.5
#: More records at one name, or more text, than anybody means; the rest is not read.
_RECORDS: Final = 100
_LENGTH: Final = 8192
#: An answer of this size needs no TCP, and comes through whole (DNS flag day 2020).
_PAYLOAD: Final = 1232


class NoAnswer(Exception):
    """The DNS did not answer: nobody knows whether there is a record."""


class NoSuchName(Exception):
    """What was given is no name that the DNS could hold."""


class Dns:
    """One client with one deadline, for one part in one thread."""

    def __init__(self, servers: Sequence[tuple[str, int]]) -> None:
        """Take (address, port) of each server to ask; without any, those of the system."""
        self._servers = servers
        self._ends_at = time.monotonic() + _ALL

    def texts(self, name: str) -> list[str]:
        """Return the texts of the TXT records at a name, [] where there are none.

        An alias (CNAME) is followed. Raises NoAnswer and NoSuchName.
        """
        try:
            asked = dns.name.from_text(name.encode("idna").decode("ascii"))
        except (dns.exception.DNSException, UnicodeError) as failure:
            raise NoSuchName(name) from failure
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise NoAnswer(name)
        try:
            answer = self._resolver().resolve(asked, "TXT", lifetime=left, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as failure:
            raise NoAnswer(name) from failure
        rows = list(answer)[:_RECORDS]
        return [_joined(row) for row in rows if isinstance(row, TXT)]

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [
                dns.nameserver.Do53Nameserver(address, port) for address, port in self._servers
            ]
        resolver.timeout = _TRY
        resolver.use_edns(0, 0, _PAYLOAD)
        return resolver


def _joined(row: TXT) -> str:
    text = b"".join(row.strings)[:_LENGTH].decode("utf-8", errors="replace")
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
