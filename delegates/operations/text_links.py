"""The link in a text: signed, short, and the same at each attempt to send it.

It leads to the one letter, and to the button that stops texts. Nothing of it is stored; texts
that were stopped make every link of that phone useless for reading.
"""

import base64
import hmac

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from conference.models import Notice

_LONGEST_NUMBER = 18
#: 96 bits.
_KEY_BYTES = 12


def address_of(notice: Notice) -> str:
    """Return the absolute address of the page behind a notice."""
    path = reverse("programme:text_link", args=[token_of(notice)])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def token_of(notice: Notice) -> str:
    """Return the part of the address that stands for this notice."""
    return f"{notice.pk}-{_key(notice.pk)}"


def notice_of(token: str) -> Notice | None:
    """Return the notice that a signed part stands for; None for one that nobody signed."""
    number, _dash, key = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return None
    if not hmac.compare_digest(key.encode(), _key(int(number)).encode()):
        return None
    found: Notice | None = (
        Notice.objects.select_related("message__conference__series").filter(pk=number).first()
    )
    return found


def _key(number: int) -> str:
    digest = salted_hmac("delegates.text_links", str(number), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:_KEY_BYTES]).decode()
