"""Allowing texts to a phone, once a code sent there was typed, and stopping them."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.bilingual import pick
from conference.models import Channel, Notice
from conference.operations import auditing, channels
from conference.operations.channels import adapters
from conference.operations.channels.texts import Text
from delegates.errors import CodeTooSoon, CodeWrong, TextCodeUnsent, TextsNotPossible
from delegates.models import Delegate, TextAddress, TextCode
from delegates.operations import reaching
from delegates.operations.importing.contacts import read_phone

LIVES: Final = timedelta(minutes=15)
PAUSE: Final = timedelta(minutes=1)
IN_AN_HOUR: Final = 5
IN_A_DAY: Final = 10
TRIES: Final = 5
_DIGITS: Final = 6
_SALT: Final = "delegates.text_code"
_WECHAT_ID = re.compile(r"[A-Za-z0-9_-]{20,40}")
#: So much of a conference's name fits into one message beside the code.
_NAME_KEPT: Final = 60
_NOT_RIGHT = gettext_lazy(
    "This code is not right, or not valid any more. Look at the newest one again, or ask for "
    "another."
)


def address_from(typed: str, *, channel: str, delegate: Delegate) -> str:
    """Return what was typed as an address of this channel: a number in E.164, or a WeChat id.

    Raises TextsNotPossible where it is none.
    """
    if channel == Channel.SMS:
        party = delegate.delegation.locality or delegate.delegation.organisation
        country = party.country if party else ""
        _text, number, _findings = read_phone(typed, country=country, column="")
        if not number:
            raise TextsNotPossible(
                _("This is no phone number. Begin with a plus and the country: +1 415 555 0100.")
            )
        return number
    if not _WECHAT_ID.fullmatch(typed.strip()):
        raise TextsNotPossible(_("This is no ID as the conference's WeChat account tells it."))
    return typed.strip()


def send_code(*, delegate: Delegate, channel: str, address: str, now: datetime) -> None:
    """Send a code to the address that somebody says is theirs; nothing else is sent there yet.

    Raises CodeTooSoon a minute after the last one, and after five within an hour or ten within a
    day, counted for the person and for the address; TextsNotPossible where the server has no
    adapter; TextCodeUnsent where the service did not take it.
    """
    adapter = adapters.adapter_of(channel)
    if adapter is None:
        raise TextsNotPossible
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    kept = _keep_code(delegate, channel, address, code, now)
    with translation.override(delegate.language):
        name = pick(delegate.conference, "name", delegate.language)
        title = _("%(code)s is your code for texts of %(conference)s.") % {
            "code": code,
            "conference": name if len(name) <= _NAME_KEPT else f"{name[: _NAME_KEPT - 1]}…",
        }
    text = Text(
        uid=str(kept.uid),
        to=address,
        text=title,
        title=title,
        link="",
        sender=name,
        language=delegate.language,
        receipts="",
    )
    # Outside of any transaction: nothing is locked while the service thinks.
    try:
        adapter.send(text, now)
    except (channels.GoneError, channels.RefusedError, channels.TryLaterError) as failure:
        TextCode.objects.filter(pk=kept.pk).update(is_unsent=True)
        raise TextCodeUnsent from failure


@transaction.atomic
def _keep_code(
    delegate: Delegate, channel: str, address: str, code: str, now: datetime
) -> TextCode:
    # One at a time: two presses at once must not pass the count together.
    Delegate.objects.select_for_update().get(pk=delegate.pk)
    mine = TextCode.objects.filter(delegate=delegate, channel=channel)
    there = TextCode.objects.filter(address=address, channel=channel)
    if any(_is_too_soon(sent, now) for sent in (mine, there)):
        raise CodeTooSoon
    return TextCode.objects.create(
        delegate=delegate,
        channel=channel,
        address=address,
        code_hash=_hash(delegate, address, code),
        created_at=now,
        expires_at=now + LIVES,
    )


def waiting_code(delegate: Delegate, channel: str, now: datetime) -> TextCode | None:
    """Return the code that is on its way to the delegate and can still be typed."""
    newest = TextCode.objects.filter(delegate=delegate, channel=channel).first()
    return newest if newest and newest in TextCode.objects.live(now) else None


def use_code(*, delegate: Delegate, channel: str, code: str, now: datetime) -> None:
    """Allow texts to where the typed code went. Raises CodeWrong; after five tries it is worthless.

    Texts to another address of the delegate on this channel end.
    """
    newest = TextCode.objects.filter(delegate=delegate, channel=channel).first()
    if newest is None:
        raise CodeWrong(_NOT_RIGHT)
    live = TextCode.objects.live(now).filter(pk=newest.pk)
    # Counted before it is looked at, and kept also if the answer is no.
    counted = live.filter(tries__lt=TRIES).update(tries=F("tries") + 1)
    # A Chinese keyboard may give digits of full width.
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    fits = constant_time_compare(newest.code_hash, _hash(delegate, newest.address, typed))
    with transaction.atomic():
        if not (counted and fits and live.update(used_at=now)):
            raise CodeWrong(_NOT_RIGHT)
        _end(delegate.text_addresses.filter(channel=channel), TextAddress.StoppedBy.OTHER, now)
        TextAddress.objects.create(
            delegate=delegate,
            channel=channel,
            address=newest.address,
            language=delegate.language,
            confirmed_at=now,
        )
        _record("texts.allow", delegate, channel=channel, address=newest.address, now=now)


@transaction.atomic
def choose_news(*, delegate: Delegate, channel: str, is_wanted: bool, now: datetime) -> None:
    """Tell of mailings by text as well, or not any more."""
    mine = TextAddress.objects.live().filter(delegate=delegate, channel=channel)
    found = mine.exclude(with_news=is_wanted).first()
    if found is not None and mine.exclude(with_news=is_wanted).update(with_news=is_wanted):
        action = "texts.allow_news" if is_wanted else "texts.stop_news"
        _record(action, delegate, channel=channel, address=found.address, now=now)


@transaction.atomic
def stop(*, delegate: Delegate, channel: str, address: str, how: str, now: datetime) -> bool:
    """Send no more texts to this address of the delegate; return whether that is new.

    It is kept also where the delegate never asked for them, so that nobody texts there by a rule.
    """
    Delegate.objects.select_for_update().get(pk=delegate.pk)
    there = delegate.text_addresses.filter(channel=channel, address=address)
    is_new = bool(_end(there, how, now))
    if not is_new and not there.exists():
        TextAddress.objects.create(
            delegate=delegate,
            channel=channel,
            address=address,
            language=delegate.language,
            stopped_at=now,
            stopped_by=how,
        )
        is_new = True
    if is_new:
        _record("texts.stop", delegate, channel=channel, address=address, now=now, how=how)
    return is_new


def live_address(delegate: Delegate, channel: str) -> TextAddress | None:
    """Return where the delegate gets texts on this channel."""
    return TextAddress.objects.live().filter(delegate=delegate, channel=channel).first()


def is_allowed(delegate: Delegate, notice: Notice) -> bool:
    """Tell whether the delegate still wants texts where this notice goes, or never said."""
    if mine := live_address(delegate, notice.channel):
        return mine.address == notice.target
    if notice.channel != Channel.SMS:
        return False
    unasked = reaching.unasked_phones().filter(pk=delegate.pk, phone_e164=notice.target)
    return unasked.exists()


def masked(address: str) -> str:
    """Return enough of an address for its owner to know it: ``+1•••0100``."""
    return f"{address[:2]}•••{address[-4:]}"


def _is_too_soon(sent: QuerySet[TextCode], now: datetime) -> bool:
    return (
        sent.filter(created_at__gt=now - PAUSE).exists()
        or sent.filter(created_at__gt=now - timedelta(hours=1)).count() >= IN_AN_HOUR
        or sent.filter(created_at__gt=now - timedelta(days=1)).count() >= IN_A_DAY
    )


def _end(addresses: QuerySet[TextAddress], how: str, now: datetime) -> int:
    return addresses.filter(stopped_at=None).update(stopped_at=now, stopped_by=how)


def _hash(delegate: Delegate, address: str, code: str) -> str:
    return salted_hmac(_SALT, f"{delegate.pk}:{address}:{code}", algorithm="sha256").hexdigest()


def _record(
    action: str, delegate: Delegate, *, channel: str, address: str, now: datetime, how: str = ""
) -> None:
    after = {"channel": channel, "address": masked(address)} | ({"how": how} if how else {})
    auditing.record(
        action=action,
        target=delegate,
        conference=delegate.conference,
        actor=delegate.user,
        actor_label=delegate.display_name,
        after=after,
        now=now,
    )
