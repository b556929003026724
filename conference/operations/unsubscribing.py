"""Leaving optional mail by one press, without an account, and coming back (RFC 8058).

The address in the letter is signed. It stops optional mail of that conference to the address the
letter went to, and nothing else.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from conference.models import Message, Suppression
from conference.operations import mailing, suppressing

_KEY_LENGTH: Final = 32
_LONGEST_NUMBER: Final = 18


def token_of(message: Message) -> str:
    """Return the part of the address that stands for this letter."""
    return f"{message.pk}-{_key(message.pk)}"


def letter_of(token: str) -> Message | None:
    """Return the letter that a signed part stands for; None for one that nobody signed."""
    number, _dash, key = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return None
    if not constant_time_compare(key, _key(int(number))):
        return None
    return Message.objects.select_related("conference__series").filter(pk=number).first()


def headers(message: Message) -> dict[str, str]:
    """Return the headers by which mail programs offer to unsubscribe; none where one cannot."""
    if not message.optional:
        return {}
    return {
        "List-Unsubscribe": f"<{_address(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def foot(message: Message) -> mailing.Foot | None:
    """Return the line by which people unsubscribe whose mail program offers no button for it."""
    if not message.optional:
        return None
    with translation.override(message.language):
        return mailing.Foot(words=_("Unsubscribe from optional mail:"), url=_address(message))


def _address(message: Message) -> str:
    path = reverse("conference:unsubscribe", args=[token_of(message)])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def is_unsubscribed(message: Message) -> bool:
    """Tell whether the address of this letter gets no optional mail of its conference."""
    return _blocks(message).exists()


def unsubscribe(*, message: Message, now: datetime) -> None:
    """Send no more optional mail of this conference to the letter's address."""
    suppressing.suppress(
        conference=message.conference,
        address=message.to_email,
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=now,
        message=message,
    )


@transaction.atomic
def come_back(*, message: Message, now: datetime) -> None:
    """Send optional mail to the letter's address again; other blocks stay."""
    for row in _blocks(message).select_for_update():
        suppressing.remove(row, reason="The recipient asked for it.", now=now)


def _blocks(message: Message) -> QuerySet[Suppression]:
    return Suppression.objects.filter(
        conference=message.conference,
        address=Suppression.form_of(message.to_email),
        reason=Suppression.Reason.UNSUBSCRIBED,
    )


def _key(number: int) -> str:
    return salted_hmac("conference.unsubscribing", str(number), algorithm="sha256").hexdigest()[
        :_KEY_LENGTH
    ]
