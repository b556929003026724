"""The secret address of a delegate's calendar.

Its token is derived from the server's key and the row's id, so the page can show it again while
the table holds only its hash. Renewing revokes the old one; calendars that had it fall silent.
"""

import base64
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from delegates.models import Delegate, PersonalLink
from delegates.operations import linking

CALENDAR = PersonalLink.Purpose.CALENDAR
_TOKEN_BYTES = 24


def calendar_address(*, delegate: Delegate, now: datetime) -> str | None:
    """Return the address of the delegate's calendar, or None if there is none to show."""
    link = _usable(delegate, now)
    if link is None or PersonalLink.hash_of(_token_of(link)) != link.token_hash:
        return None
    return linking.address_of(purpose=CALENDAR, token=_token_of(link))


@transaction.atomic
def subscribe(*, delegate: Delegate, now: datetime) -> str:
    """Return the address of the delegate's calendar, making it first where there is none."""
    Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    return calendar_address(delegate=delegate, now=now) or _replace(delegate, now)


@transaction.atomic
def renew(*, delegate: Delegate, now: datetime) -> str:
    """Make the old address useless and return a new one."""
    Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    return _replace(delegate, now)


def _replace(delegate: Delegate, now: datetime) -> str:
    for old in PersonalLink.objects.usable(now).filter(delegate=delegate, purpose=CALENDAR):
        linking.revoke(link=old, now=now)
    link = linking.create_link(purpose=CALENDAR, delegate=delegate, now=now).link
    token = _token_of(link)
    link.token_hash = PersonalLink.hash_of(token)
    link.save(update_fields=["token_hash"])
    return linking.address_of(purpose=CALENDAR, token=token)


def _usable(delegate: Delegate, now: datetime) -> PersonalLink | None:
    links = PersonalLink.objects.usable(now).filter(delegate=delegate, purpose=CALENDAR)
    return links.order_by("-pk").first()


def _token_of(link: PersonalLink) -> str:
    digest = salted_hmac("programme.calendar", str(link.pk), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()
