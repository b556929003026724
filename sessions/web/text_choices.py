"""What the page of notices shows of short texts: one choice for each channel of this server."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import Channel
from conference.operations.channels import adapters
from delegates.models import Delegate, TextAddress, TextCode
from delegates.operations import text_consent


@dataclass(frozen=True, kw_only=True)
class _Words:
    """How one channel is spoken of."""

    title: str | Promise
    about: str | Promise
    field: str | Promise
    help: str | Promise


_WORDS = {
    Channel.SMS: _Words(
        title=_("By SMS"),
        about=_(
            "A short text to your phone when a session of yours changes or is about to begin: the "
            "subject and a link to the letter. Each has a link that stops them."
        ),
        field=_("Mobile number"),
        help=_("With the country, such as +1 415 555 0100. A code goes there first."),
    ),
    Channel.WECHAT: _Words(
        title=_("By WeChat"),
        about=_(
            "A short text in WeChat when a session of yours changes or is about to begin: the "
            "subject and a link to the letter. Each has a link that stops them."
        ),
        field=_("Your ID for notices"),
        help=_("The conference's WeChat account tells it to you. A code goes there first."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class TextChoice:
    """One channel: what stands there now, and what was typed last if it was wrong."""

    channel: str
    words: _Words
    live: TextAddress | None
    waiting: TextCode | None
    typed: str
    error: str
    code_error: str
    account: str

    @property
    def is_phone(self) -> bool:
        """Whether the address is a phone number."""
        return self.channel == Channel.SMS


def choices_of(
    delegate: Delegate, *, said: dict[str, dict[str, str]], now: datetime
) -> list[TextChoice]:
    """Return the choices of a delegate."""
    return [
        _choice(delegate, channel, said.get(channel, {}), now)
        for channel in adapters.CHANNELS
        if adapters.is_on(channel)
    ]


def _choice(delegate: Delegate, channel: str, said: dict[str, str], now: datetime) -> TextChoice:
    is_phone = channel == Channel.SMS
    live = text_consent.live_address(delegate, channel)
    waiting = text_consent.waiting_code(delegate, channel, now)
    usual = waiting.address if waiting else ""
    if is_phone and not live and not waiting:
        usual = delegate.phone_e164 or delegate.phone
    return TextChoice(
        channel=channel,
        words=_WORDS[Channel(channel)],
        live=live,
        waiting=waiting,
        typed=said.get("address", usual),
        error=said.get("error", ""),
        code_error=said.get("code_error", ""),
        account="" if is_phone else settings.WECHAT_ACCOUNT,
    )
