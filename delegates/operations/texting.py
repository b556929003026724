"""Short texts to delegates who allowed them: the way, and what one says."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from conference.bilingual import pick
from conference.models import Channel, Message, Notice
from conference.operations import campaigning, channels
from conference.operations.channels import adapters, fitting
from conference.operations.channels.texts import Text
from delegates.models import Delegate, TextAddress
from delegates.operations import reaching, text_consent, text_links

#: What is told of by text only where the person asked for it.
_NEWS = frozenset({campaigning.PURPOSE})


def way(channel: str) -> channels.Way:
    """Return this channel as a way to delegates; nobody is on it where there is no adapter."""
    return channels.Way(
        channel=channel,
        is_on=lambda: adapters.is_on(channel),
        addresses=lambda: addresses(channel),
        send=send,
        forget=forget,
    )


def addresses(channel: str) -> Iterable[channels.Address]:
    """Return the address of each delegate who allowed texts, and phones that nobody asked about."""
    allowed = TextAddress.objects.live().filter(channel=channel, delegate__withdrawn_at=None)
    for each in allowed:
        yield channels.Address(
            whose=f"delegate:{each.delegate_id}",
            target=each.address,
            since=each.confirmed_at,
            without=frozenset() if each.with_news else _NEWS,
        )
    if channel == Channel.SMS:
        for person in reaching.unasked_phones():
            yield channels.Address(
                whose=f"delegate:{person.pk}",
                target=person.phone_e164,
                since=None,
                is_unasked=True,
            )


def send(notice: Notice, now: datetime) -> channels.Taken:
    """Send one notice, asking once more whether it is wanted there."""
    adapter = adapters.adapter_of(notice.channel)
    delegate = delegate_of(notice.message)
    if adapter is None or delegate is None or not text_consent.is_allowed(delegate, notice):
        raise channels.GoneError
    try:
        return adapter.send(_text(notice), now)
    except channels.GoneError:
        forget(notice, now)
        raise


def forget(notice: Notice, now: datetime) -> None:
    """End texts to the address of a notice: the service says that nobody is reached there."""
    if delegate := delegate_of(notice.message):
        text_consent.stop(
            delegate=delegate,
            channel=notice.channel,
            address=notice.target,
            how=TextAddress.StoppedBy.SERVICE,
            now=now,
        )


def delegate_of(message: Message) -> Delegate | None:
    """Return whose letter it is, if a delegate's who has not withdrawn."""
    kind, _colon, number = message.recipient.partition(":")
    if kind != "delegate" or not number.isdecimal():
        return None
    found: Delegate | None = (
        Delegate.objects.attending().filter(pk=number).select_related("conference").first()
    )
    return found


def _text(notice: Notice) -> Text:
    """Return what goes: the same whenever it is asked for."""
    letter = notice.message
    link = text_links.address_of(notice)
    receipts = reverse("conference:text_receipt", args=[notice.channel])
    return Text(
        uid=str(notice.uid),
        to=notice.target,
        text=fitting.short_form(letter.subject, link, channel=notice.channel),
        title=letter.subject,
        link=link,
        sender=pick(letter.conference, "name", letter.language),
        language=letter.language,
        receipts=f"{settings.PUBLIC_BASE_URL}{receipts}",
    )
