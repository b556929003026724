"""Short texts to a phone number or a WeChat id: what an adapter to such a service has to offer.

An adapter is a class that PLENARY_SMS_ADAPTER or PLENARY_WECHAT_ADAPTER names by its dotted path.
docs/channels.md tells how to write one, and how the one that comes along talks to a gateway.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from conference.operations.channels.contract import Taken


class ForgedError(Exception):
    """A receipt is not from the service that it says it is from."""


class UnreadableError(Exception):
    """A receipt is from the service, and not as agreed."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text on its way. ``uid`` is the same at each attempt, and so is everything else.

    ``text`` is complete and of a fitting length; ``title`` and ``link`` are its parts, for services
    that only take the values of a template. ``receipts`` is the address that wants to hear what
    became of it, "" where nobody does.
    """

    uid: str
    to: str
    text: str
    title: str
    link: str
    sender: str
    language: str
    receipts: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of a text. ``is_gone``: nothing more can, or may, be sent to that address."""

    uid: str
    is_delivered: bool
    is_gone: bool = False
    words: str = ""


class Adapter(Protocol):
    """A service that takes texts."""

    def __init__(self, *, channel: str, url: str, secret: str, allows_private: bool) -> None:
        """Keep the settings; raises ImproperlyConfigured where they are of no use."""

    def send(self, text: Text, now: datetime) -> Taken:
        """Hand the text over; raises GoneError, RefusedError or TryLaterError."""

    def receipt(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Receipt:
        """Read what the service reports; raises ForgedError or UnreadableError."""
