"""The address that holds when a letter leaves: it may have been corrected since it was made.

A held or scheduled mailing, and a letter that waits for its next attempt or for a person's retry,
must not go to an address that is known to be wrong by then.
"""

from collections.abc import Callable
from datetime import datetime

from conference.models import Message
from conference.operations.mailing import claiming

#: Returns the address of a letter's recipient now, "" if there is none, None where nobody knows.
AddressNow = Callable[[Message], str | None]
_finders: dict[str, AddressNow] = {}


def follow_address(*, purpose: str, find: AddressNow) -> None:
    """Send letters of this purpose to the address that their recipients have when they leave."""
    _finders[purpose] = find


def goes_to(message: Message) -> str:
    """Return the address to which the letter would go, were it to leave now."""
    find = _finders.get(message.purpose)
    present = None if find is None or message.is_doubtful else find(message)
    return message.to_email if present is None else present


def bring_up_to_date(message: Message, now: datetime) -> None:
    """Write the present address on a claimed letter.

    Not on one that may have left already: its repeat goes where the first went.
    """
    present = goes_to(message)
    if present != message.to_email:
        claiming.readdress(message, to_email=present, now=now)
