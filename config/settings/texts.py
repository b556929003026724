"""The services for short texts, by channel: which adapter, at which address, with which secret."""

from config.settings import env

WEBHOOK = "conference.operations.channels.webhook.Webhook"


def adapters(*channels: str) -> dict[str, dict[str, str]]:
    """Return the channels that have an adapter: one is named, or the webhook has an address."""
    found = {}
    for channel in channels:
        name = f"PLENARY_{channel.upper()}"
        url = env.text(f"{name}_URL", "")
        adapter = env.text(f"{name}_ADAPTER", WEBHOOK if url else "")
        if adapter:
            secret = env.text(f"{name}_SECRET", "")
            found[channel] = {"adapter": adapter, "url": url, "secret": secret}
    return found
