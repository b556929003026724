"""The mark that every letter carries, in its return path and in a header, and its key.

A mail that comes back is believed only with such a mark. Whoever has never got a letter of ours
cannot make one, so nobody blocks an address by writing a bounce.
"""

import re
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from conference.models import Message

#: Comes back with the headers of a returned letter where the return path is lost on the way.
HEADER: Final = "X-Letter"
# Small letters and digits only: some servers write a local part in small letters.
_MARK = re.compile(r"(?<![0-9a-z])l(\d{1,18})-([0-9a-f]{20})(?![0-9a-f])", re.IGNORECASE)
_KEY_LENGTH: Final = 20


def token_of(message: Message) -> str:
    """Return the mark of a letter: its number and a keyed check of it."""
    return f"l{message.pk}-{_key(message.pk)}"


def return_address(message: Message) -> str:
    """Return the address to which bounces of this letter go.

    Without PLENARY_BOUNCE_ADDRESS that is the sender's own address.
    """
    local, at, domain = str(settings.BOUNCE_ADDRESS).rpartition("@")
    if not at:
        return str(settings.DEFAULT_FROM_ADDRESS)
    return f"{local}+{token_of(message)}@{domain}"


def headers(message: Message) -> dict[str, str]:
    """Return the header that holds the mark."""
    return {HEADER: token_of(message)}


def find_letter(text: str) -> int | None:
    """Return the number of the letter whose mark stands in a text; None without a true one."""
    for number, key in _MARK.findall(text):
        if constant_time_compare(key.lower(), _key(int(number))):
            return int(number)
    return None


def letter_of(text: str) -> Message | None:
    """Return the letter whose mark stands in a text."""
    number = find_letter(text)
    return Message.objects.filter(pk=number).first() if number is not None else None


def _key(number: int) -> str:
    return salted_hmac("conference.returning", str(number), algorithm="sha256").hexdigest()[
        :_KEY_LENGTH
    ]
