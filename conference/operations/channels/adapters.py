"""Which adapter serves which channel, as the settings say."""

from typing import cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from conference.models import Channel
from conference.operations.channels.texts import Adapter

#: The channels that carry short texts.
CHANNELS = (Channel.SMS, Channel.WECHAT)


def adapter_of(channel: str) -> Adapter | None:
    """Return the adapter of a channel, or None where the server has none.

    Raises ImproperlyConfigured where the settings name one that is none.
    """
    named = settings.TEXT_ADAPTERS.get(channel)
    if named is None:
        return None
    try:
        kind = import_string(named["adapter"])
    except ImportError as failure:
        message = f"PLENARY_{channel.upper()}_ADAPTER: {failure}"
        raise ImproperlyConfigured(message) from failure
    return cast(
        "Adapter",
        kind(
            channel=channel,
            url=named["url"],
            secret=named["secret"],
            allows_private=settings.TEXT_PRIVATE_ALLOWED,
        ),
    )


def is_on(channel: str) -> bool:
    """Tell whether texts can be sent by this channel."""
    return channel in settings.TEXT_ADAPTERS


def check() -> None:
    """Refuse to start with an adapter that cannot work."""
    for channel in CHANNELS:
        adapter_of(channel)
